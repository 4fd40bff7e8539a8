import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { openPubsub, publishBytes } from '../support/raw-messages.ts';
import { useStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const stack = useStack();

/** Publishes bytes that are no request and waits for their dead letter. */
async function deadLetterOf(data: string) {
  const { sandbus } = stack();
  const pubsub = openPubsub(stack());
  const messageId = await publishBytes(pubsub, data);
  await pubsub.close();
  return await until(`dead letter of message ${messageId}`, () =>
    sandbus.deadLetters.get(`exec-requests-${messageId}`),
  );
}

describe('a message that is not a request', () => {
  it.each([
    ['not JSON', 'hello', 'message/not-json'],
    ['of the wrong form', '{"executionId":"e1","comand":"x"}', 'message/invalid'],
    ['of a version that nobody knows', '{"version":2}', 'message/unsupported-version'],
  ])('%s is kept with the reason and its bytes, and the dispatcher goes on', async (_what, data, code) => {
    const deadLetter = await deadLetterOf(data);
    expect(deadLetter).toMatchObject({ code, state: 'open', replays: [] });
    const { status } = await stack().sandbus.session(`s-${randomUUID()}`).exec('true');
    expect(status).toBe('succeeded');
  });

  it('is listed with the newest first', async () => {
    const { deadLetterId } = await deadLetterOf('{}');
    const [newest] = await stack().sandbus.deadLetters.list();
    expect(newest?.deadLetterId).toBe(deadLetterId);
  });
});

describe('a corrected replay', () => {
  it('runs, is linked both ways, and its reason is kept', async () => {
    const { sandbus } = stack();
    const executionId = `e-${randomUUID()}`;
    const broken = { executionId, sessionId: `s-${randomUUID()}`, comand: 'echo replayed' };
    const { deadLetterId } = await deadLetterOf(JSON.stringify(broken));
    const set = { command: 'echo replayed', comand: null };
    await sandbus.deadLetters.replay({ ids: [deadLetterId], set, reason: 'typo' });
    const execution = await until('the replayed execution', async () => {
      const found = await sandbus.executions.get(executionId);
      return found?.state === 'finished' ? found : null;
    });
    expect(execution).toMatchObject({
      status: 'succeeded',
      result: { stdout: 'replayed\n', replayOf: { deadLetterId, reason: 'typo' } },
    });
    expect(await sandbus.deadLetters.get(deadLetterId)).toMatchObject({
      state: 'replayed',
      replays: [{ executionId, reason: 'typo', refused: null }],
    });
  });
});
