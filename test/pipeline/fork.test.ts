import { randomUUID } from 'node:crypto';
import type { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ExecRequest } from '../../schemas/generated/messages.ts';
import { openPubsub, publishRequest } from '../support/raw-messages.ts';
import { useStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const stack = useStack();
let pubsub: PubSub;
beforeAll(() => {
  pubsub = openPubsub(stack());
});
afterAll(() => pubsub.close());

async function run(request: Omit<ExecRequest, 'executionId'>) {
  const executionId = `e-${randomUUID()}`;
  await publishRequest(pubsub, { ...request, executionId });
  return await until(`the end of ${executionId}`, async () => {
    const found = await stack().sandbus.executions.get(executionId);
    return found?.state === 'finished' ? found.result : null;
  });
}

describe('a session that was forked from a checkpoint of another', () => {
  const [base, first, second] = [`s-${randomUUID()}`, `f-${randomUUID()}`, `g-${randomUUID()}`];
  const session = (id: string) => stack().sandbus.session(id);

  it('has its files and its shell, goes on by itself, and can be forked again', async () => {
    await session(base).exec(
      'head -c 300000 /dev/urandom > big; sha256sum big > sum; echo base > log; export KEPT=yes',
    );
    await session(base).exec('echo later >> log');
    const forked = {
      sessionId: first,
      checkpoint: 1,
      checkpointOf: base,
      command: 'sha256sum -c sum; cat log; echo $KEPT',
    };
    expect(await run(forked)).toMatchObject({ stdout: 'big: OK\nbase\nyes\n', checkpoint: 2 });

    expect(await session(first).exec('echo first >> log; sha256sum -c sum')).toMatchObject({ stdout: 'big: OK\n' });
    const again = { sessionId: second, checkpoint: 3, checkpointOf: first, command: 'sha256sum -c sum; cat log' };
    expect(await run(again)).toMatchObject({ stdout: 'big: OK\nbase\nfirst\n' });
    expect(await session(second).exec('sha256sum -c sum')).toMatchObject({ stdout: 'big: OK\n' });
    expect(await session(base).exec('cat log')).toMatchObject({ stdout: 'base\nlater\n' });
  }, 120_000);

  it('cannot be forked into, nor from a checkpoint that is not there', async () => {
    const request = { sessionId: first, checkpoint: 1, checkpointOf: base, command: 'true' };
    expect(await run(request)).toMatchObject({ outcome: { kind: 'rejected', code: 'request/cannot-fork' } });
    expect(await run({ ...request, sessionId: `h-${randomUUID()}`, checkpoint: 99 })).toMatchObject({
      outcome: { kind: 'rejected', code: 'request/unknown-checkpoint' },
    });
  }, 120_000);
});
