import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { openPubsub, publishRequest } from '../support/raw-messages.ts';
import { useStack } from '../support/stack.ts';

const stack = useStack();

/** Publishes the same request `times` at once, waits for its end, and counts how often its command ran. */
async function timesRun(times: number): Promise<number> {
  const { sandbus } = stack();
  const session = sandbus.session(`s-${randomUUID()}`);
  const pubsub = openPubsub(stack());
  const request = { executionId: `e-${randomUUID()}`, sessionId: session.id, command: 'echo ran >> /workspace/runs' };
  await Promise.all(Array.from({ length: times }, () => publishRequest(pubsub, request)));
  const { stdout } = await session.exec('wc -l < /workspace/runs');
  // Whatever is delivered after the first end must change nothing either.
  await publishRequest(pubsub, request);
  const again = await session.exec('wc -l < /workspace/runs');
  await pubsub.close();
  expect(again.stdout).toBe(stdout);
  return Number(stdout);
}

describe('a request', () => {
  it.each([1, 2, 10])('published %i times at once runs once', async (times) => {
    expect(await timesRun(times)).toBe(1);
  });

  it('with an idempotency key runs once, and every caller is told', async () => {
    const session = stack().sandbus.session(`s-${randomUUID()}`);
    const idempotencyKey = `key-${randomUUID()}`;
    const run = () => session.exec('echo ran >> /workspace/runs; wc -l < /workspace/runs', { idempotencyKey });
    const results = await Promise.all([run(), run(), run()]);
    expect(results.map(({ executionId, stdout }) => [executionId, stdout])).toEqual(
      results.map(() => [idempotencyKey, '1\n']),
    );
  });
});
