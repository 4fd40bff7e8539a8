import { describe, expect, it } from '@jest/globals';
import { FileQueue } from '../../../client/files/file-queue.ts';
import { createOpenWork } from '../../../client/open-work.ts';
import type { FileOperation } from '../../../execution/file-operation.ts';
import type { FileRequestRecord, StoredAnswers } from '../../../execution/file-request-record.ts';
import type { FileRequest } from '../../../schemas/generated/messages.ts';
import { t0 } from '../../support/records.ts';

const allDone = ({ operations }: FileRequest): StoredAnswers => ({
  kind: 'inline',
  json: JSON.stringify(operations?.map(() => ({ kind: 'done' }))),
});

/** A queue whose requests are answered at once, and what it sent. */
function aQueue(answersTo: (request: FileRequest) => StoredAnswers = allDone) {
  const sent: FileRequest[] = [];
  const watching = new Map<string, (record: FileRequestRecord) => void>();
  const queue = new FileQueue('s1', {
    ports: {
      now: () => t0,
      newId: () => `r${sent.length}`,
      createObject: async () => undefined,
      readObject: async () => Buffer.from('[{"kind":"done"}]'),
      watchFileRequest: ({ requestId }, onRecord) => {
        watching.set(requestId, onRecord);
        return () => watching.delete(requestId);
      },
      publish: async (_topic, { data }) => {
        const request: FileRequest = JSON.parse(Buffer.from(data).toString());
        const { requestId, sessionId } = request;
        sent.push(request);
        const base = { requestId, sessionId, endsAt: t0, expireAt: t0, checkpoint: null };
        watching.get(requestId)?.({ ...base, state: 'done', answers: answersTo(request) });
        return '1';
      },
    },
    work: createOpenWork(),
  });
  return { queue, sent };
}

const makeDir = (path: string): FileOperation => ({ kind: 'make-directory', path });

describe('the queue of file operations', () => {
  it('refuses what the schema refuses by itself, and sends the others of the same turn', async () => {
    const { queue } = aQueue();
    const odd: FileOperation = { kind: 'write', path: 'b', content: {}, mode: -1 };
    const ended = await Promise.allSettled([
      queue.ask({ operation: makeDir('a') }),
      queue.ask({ operation: odd, content: Buffer.from('x') }),
      queue.ask({ operation: { ...odd, mode: 0o600 }, content: Buffer.from('x') }),
    ]);
    expect(ended).toMatchObject([
      { value: { kind: 'done' } },
      { reason: { code: 'message/invalid' } },
      { value: { kind: 'done' } },
    ]);
  });

  it('keeps the order of what tenants ask for, and sends of one of them at a time', async () => {
    const { queue, sent } = aQueue();
    const asked = [['a'], ['b'], ['c', 't1'], ['d', 't1'], ['e', 't2']] as const;
    await Promise.all(asked.map(([path, tenantId]) => queue.ask({ operation: makeDir(path), tenantId })));
    expect(sent.map(({ tenantId, operations }) => [tenantId, operations?.map(({ path }) => path)])).toEqual([
      [undefined, ['a', 'b']],
      ['t1', ['c', 'd']],
      ['t2', ['e']],
    ]);
  });

  it('takes no answers that are not what they should be', async () => {
    const ref = { object: 'answers/1', bytes: 17, sha256: 'a'.repeat(64) };
    const { queue } = aQueue(() => ({ kind: 'object', ref }));
    await expect(queue.ask({ operation: makeDir('a') })).rejects.toMatchObject({ code: 'workspace/corrupt' });
  });
});
