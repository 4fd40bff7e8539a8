import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createCheckpointOpener } from '../../../client/files/checkpoint-files.ts';
import { type FilePorts, handleFileRequest } from '../../../dispatcher/file-requests/handle-file-request.ts';
import type { FileOperation } from '../../../execution/file-operation.ts';
import { PipelineError } from '../../../execution/pipeline-error.ts';
import { createFileRequestStore } from '../../../gcp/file-request-store.ts';
import { crashAfterCall } from '../../support/crashing-ports.ts';
import { aDelivery } from '../../support/dispatcher-world.ts';
import { t0 } from '../../support/records.ts';
import { freshIds, useRecordsStore } from '../../support/records-store.ts';

const records = useRecordsStore();
const policy = {
  ...{ keptMs: 1000, sessionMs: 10_000, waitMs: 5000 },
  limits: { workspace: { bytes: 1_000_000, entries: 1000 }, tmp: { bytes: 1_000_000, entries: 1000 } },
};

/** The handler's outside: the real store, a bucket in memory, and a record of what was dead-lettered. */
function aWorld() {
  const stored = new Map<string, Uint8Array>();
  const deadLetters: string[] = [];
  const objects: FilePorts['objects'] = {
    read: async (object) => stored.get(object) ?? new Uint8Array(),
    write: async (object, bytes) => stored.set(object, bytes),
    readPart: async (object, { start, bytes }) => {
      const found = stored.get(object);
      if (found === undefined) throw new PipelineError('google/not-found', `there is no ${object}`);
      return found.slice(start, start + bytes);
    },
  };
  const ports: FilePorts = {
    ...createFileRequestStore(records().firestore),
    objects,
    inTurn: (work) => work(),
    deadLetter: async (_delivery, code) => void deadLetters.push(code),
    now: () => t0,
  };
  const read = async (sessionId: string, path: string) => {
    const session = await records().reader.getSession(sessionId);
    const files = await createCheckpointOpener({ readObject: objects.read })(session);
    return Buffer.concat(await Array.fromAsync(await files.read(path, {}))).toString();
  };
  return { ports, stored, deadLetters, read };
}

function aRequest(sessionId: string, requestId: string, ...operations: readonly FileOperation[]) {
  return aDelivery({ requestId, sessionId, expiresAt: new Date(t0 + 60_000).toISOString(), operations });
}

const append = (text: string): FileOperation => ({ kind: 'append', path: 'log', content: { text } });

describe('a request for files whose dispatcher dies', () => {
  it.each([1, 2, 3, 4, 5])('after %i calls takes effect once', async (calls) => {
    const { ports, read } = aWorld();
    const { sessionId } = freshIds();
    const delivery = aRequest(sessionId, 'f1', append('a'), append('b'));
    const { transactFiles, objects } = ports;
    const dying = crashAfterCall({ transactFiles, write: objects.write }, calls, []);
    const crashed = { ...ports, transactFiles: dying.transactFiles, objects: { ...objects, write: dying.write } };
    await handleFileRequest(delivery, crashed, policy).catch(() => {});
    await handleFileRequest(delivery, ports, policy);
    await handleFileRequest(delivery, ports, policy);
    expect([await read(sessionId, 'log'), (await records().reader.getSession(sessionId))?.lastCheckpoint]).toEqual([
      'ab',
      1,
    ]);
  });
});

describe('requests for files that are handled at the same time', () => {
  it('each take effect once, whoever is first', async () => {
    const { ports, read } = aWorld();
    const { sessionId } = freshIds();
    const deliveries = ['a', 'b', 'c'].map((text) => aRequest(sessionId, `f-${text}`, append(text)));
    await Promise.all([...deliveries, ...deliveries].map((one) => handleFileRequest(one, ports, policy)));
    expect([...(await read(sessionId, 'log'))].sort()).toEqual(['a', 'b', 'c']);
  });
});

describe('a request for files', () => {
  it('whose content is not below uploads is dead-lettered', async () => {
    const { ports, deadLetters } = aWorld();
    const { sessionId } = freshIds();
    const ref = { object: `sessions/${sessionId}/packs/x`, bytes: 1, sha256: 'a'.repeat(64) };
    await handleFileRequest(aRequest(sessionId, 'f1', { kind: 'write', path: 'a', content: { ref } }), ports, policy);
    expect(deadLetters).toEqual(['request/foreign-object']);
  });

  it('without what its kind needs is dead-lettered', async () => {
    const { ports, deadLetters } = aWorld();
    const { sessionId } = freshIds();
    await handleFileRequest(aRequest(sessionId, 'f1', { kind: 'move', path: 'a' } as never), ports, policy);
    expect(deadLetters).toEqual(['message/invalid']);
  });

  it('whose content is not what it says changes nothing', async () => {
    const { ports, stored } = aWorld();
    const { sessionId } = freshIds();
    stored.set('uploads/f1', Buffer.from('other'));
    const ref = { object: 'uploads/f1', bytes: 5, sha256: 'a'.repeat(64) };
    await handleFileRequest(
      aRequest(sessionId, 'f1', append('x'), { kind: 'write', path: 'a', content: { ref } }),
      ports,
      policy,
    );
    expect(await records().reader.getSession(sessionId)).toBeNull();
  });
});

describe('a request whose operations stand in the bucket', () => {
  const asked = (sessionId: string, ref: { readonly bytes: number; readonly sha256: string }) =>
    aDelivery({
      ...{ requestId: 'f1', sessionId, expiresAt: new Date(t0 + 60_000).toISOString() },
      operationsRef: { object: 'uploads/f1', ...ref },
    });
  const refOf = (bytes: Uint8Array) => ({ bytes: bytes.length, sha256: hash('sha256', bytes) });

  it('is carried out, and no more is read than it says', async () => {
    const { ports, stored, read } = aWorld();
    const { sessionId } = freshIds();
    const whole = Buffer.from(aRequest(sessionId, 'f1', append('a')).data);
    stored.set('uploads/f1', Buffer.concat([whole, Buffer.from('and more')]));
    await handleFileRequest(asked(sessionId, refOf(whole)), ports, policy);
    expect(await read(sessionId, 'log')).toBe('a');
  });

  it.each([
    ['has more bytes than a message may', { bytes: 10_000_001, sha256: 'a'.repeat(64) }, 'message/too-large'],
    ['has none', { bytes: 0, sha256: 'a'.repeat(64) }, 'message/invalid'],
    ['has others', { bytes: 5, sha256: 'a'.repeat(64) }, 'message/invalid'],
  ])('is refused where the object %s', async (_, ref, code) => {
    const { ports, stored, deadLetters } = aWorld();
    const { sessionId } = freshIds();
    stored.set('uploads/f1', Buffer.from('other'));
    await handleFileRequest(asked(sessionId, ref), ports, policy);
    expect(deadLetters).toEqual([code]);
  });

  it('is refused where there is no such object', async () => {
    const { ports, deadLetters } = aWorld();
    const { sessionId } = freshIds();
    await handleFileRequest(asked(sessionId, { bytes: 5, sha256: 'a'.repeat(64) }), ports, policy);
    expect(deadLetters).toEqual(['message/invalid']);
  });
});
