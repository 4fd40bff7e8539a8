import { randomUUID } from 'node:crypto';
import type { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { createStorageClient } from '../../gcp/storage-client.ts';
import { openPubsub, publishRequest } from '../support/raw-messages.ts';
import { useStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const stack = useStack();
let pubsub: PubSub;
beforeAll(() => {
  pubsub = openPubsub(stack());
});
afterAll(() => pubsub.close());

/** What lies in the bucket below the folder of a session. */
async function objectsOf(sessionId: string) {
  const { clientEnv } = stack().stack;
  const storage = createStorageClient(readGoogleConfig(clientEnv));
  const bucket = storage.bucket(clientEnv.SANDBUS_BUCKET ?? '');
  const [files] = await bucket.getFiles({ prefix: `sessions/${sessionId}/` });
  return files;
}

/** Runs a command from an earlier checkpoint, as a program without the SDK does. */
async function runFrom(checkpoint: number, sessionId: string, command: string) {
  const executionId = `e-${randomUUID()}`;
  await publishRequest(pubsub, { executionId, sessionId, checkpoint, command });
  return await until(`the end of ${executionId}`, async () => {
    const found = await stack().sandbus.executions.get(executionId);
    return found?.state === 'finished' ? found.result : null;
  });
}

describe('a session whose head checkpoint is damaged', () => {
  it.each([
    ['pack', 'was deleted', 'is missing'],
    ['pack', 'has other bytes', 'does not decompress'],
    ['manifest', 'was deleted', 'is missing'],
    ['manifest', 'has other bytes', 'does not have the hash'],
    ['state', 'was deleted', 'is missing'],
  ])(
    'because a %s %s ends each command as restore-failed, and goes on from the checkpoint before it',
    async (part, damage, text) => {
      const session = stack().sandbus.session(`s-${randomUUID()}`);
      await session.exec('echo one > file; export KEPT=one');
      const before = new Set((await objectsOf(session.id)).map(({ name }) => name));
      await session.exec('echo two > file; export KEPT=two');
      const added = (await objectsOf(session.id)).filter(({ name }) => !before.has(name));
      const damaged = added.filter(({ name }) => name.includes(`/${part}`));
      expect(damaged).toHaveLength(1);
      const [object] = damaged;
      const size = Number(object?.metadata.size);
      if (damage === 'was deleted') await object?.delete();
      else await object?.save(Buffer.alloc(size, 'x'));

      const failed = await session.exec('echo not run');
      expect(failed).toMatchObject({
        status: 'launch-failed',
        outcome: {
          code: 'workspace/restore-failed',
          message: expect.stringMatching(`checkpoint 2 of the session .*${text}`),
        },
        stdout: '',
        checkpoint: null,
      });
      expect(failed.outcome).toMatchObject({ message: expect.stringContaining(object?.name ?? '') });

      const command = 'cat file; echo $KEPT';
      expect(await runFrom(1, session.id, command)).toMatchObject({ stdout: 'one\none\n', checkpoint: 3 });
      expect(await session.exec(command)).toMatchObject({ stdout: 'one\none\n', checkpoint: 4 });
    },
    60_000,
  );
});
