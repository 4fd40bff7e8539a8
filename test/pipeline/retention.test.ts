import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BucketSweeper, createBucketSweeper } from '../../gcp/bucket-sweeper.ts';
import { openDocuments } from '../../gcp/documents.ts';
import { createFirestoreClient } from '../../gcp/firestore-client.ts';
import { type GoogleConfig, readGoogleConfig } from '../../gcp/google-config.ts';
import { createStorageClient } from '../../gcp/storage-client.ts';
import { openRetention, type Retention } from '../../retention/main.ts';
import { runSandbus } from '../cli/run-sandbus.ts';
import { projectRoot, startProgram } from '../support/run-program.ts';
import { useStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const stack = useStack();
const errors: string[] = [];
let retention: Retention;
let env: Readonly<Record<string, string>>;
let google: GoogleConfig;
let storage: Storage;
let bucket: BucketSweeper;
beforeAll(() => {
  // All is on one machine here, and what was written last goes with the rest.
  env = { ...stack().stack.env, SANDBUS_CLOCK_TOLERANCE_MS: '0' };
  google = readGoogleConfig(env);
  storage = createStorageClient(google);
  bucket = createBucketSweeper(storage.bucket(google.bucket));
  retention = openRetention(env, (severity, message) => {
    if (severity === 'ERROR') errors.push(message);
  });
});
afterAll(() => retention.close());

const session = (id: string) => stack().sandbus.session(id);
const freshId = () => `s-${randomUUID()}`;
const namesIn = async (prefix: string) => (await bucket.listObjects(prefix)).map(({ name }) => name);
const fill = (sessionId: string, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      storage
        .bucket(google.bucket)
        .file(`sessions/${sessionId}/packs/${String(index).padStart(64, '0')}`)
        .save('left over', { resumable: false }),
    ),
  );

describe('what a deleted session leaves', () => {
  it('is removed at once but for what its fork leads to, and wholly once that is deleted too', async () => {
    const id = freshId();
    await session(id).exec('head -c 200000 /dev/urandom > kept; sha256sum kept > sum; echo mine > /tmp/note');
    const { executionId } = await session(id).exec(
      'rm kept; head -c 200000 /dev/urandom > lost; echo lost > /tmp/note; head -c 100000 /dev/zero',
      { outputs: ['lost'] },
    );
    const before = (await namesIn(`sessions/${id}/`)).length;
    const ofExecution = await namesIn(`executions/${executionId}/`);
    expect([ofExecution.length, ofExecution.filter((name) => name.includes('/outputs/')).length]).toEqual([2, 1]);
    const fork = await session(id).fork({ at: 1 });
    await session(id).delete();

    const first = await retention.tend(id);
    expect(first).toMatchObject({
      ...{ state: 'deleted', forks: [fork.id], forgotten: false, young: [], problem: null },
      erased: { checkpoints: 2, executions: 2 },
    });
    expect([first.removed.length + first.kept.length, first.removed.length > 0]).toEqual([before, true]);
    // One of the workspace, one of /tmp.
    expect(await namesIn(`sessions/${id}/packs/`)).toHaveLength(2);
    expect(await fork.exec('sha256sum -c sum; cat /tmp/note')).toMatchObject({ stdout: 'kept: OK\nmine\n' });
    expect(await namesIn(`executions/${executionId}/`)).toEqual([]);
    const erased = await stack().sandbus.executions.get(executionId);
    expect(erased).toMatchObject({ state: 'finished', result: { status: 'succeeded', stdout: '' } });
    expect(JSON.stringify(erased)).not.toContain('urandom');

    await fork.delete();
    expect(await retention.tend(fork.id)).toMatchObject({ forgotten: true, kept: [], young: [] });
    expect(await retention.tend(id)).toMatchObject({ forgotten: true, kept: [], young: [], forks: [] });
    expect([await namesIn(`sessions/${id}/`), await namesIn(`sessions/${fork.id}/`)]).toEqual([[], []]);
    expect(await retention.tend(id)).toMatchObject({ state: 'none', removed: [] });
  }, 240_000);

  it('goes beside a new session of that id, which keeps its own', async () => {
    const id = freshId();
    await session(id).exec('echo old > text');
    await session(id).delete();
    await session(id).exec('echo new > text');
    expect(await retention.tend(id, { graceMs: 0 })).toMatchObject({
      ...{ state: 'open', problem: null },
      erased: { checkpoints: 1, executions: 1 },
    });
    expect(await session(id).exec('cat text')).toMatchObject({ stdout: 'new\n', checkpoint: 3 });
    expect((await session(id).checkpoints()).map(({ number }) => number)).toEqual([3, 2]);
  }, 240_000);
});

describe('what was read and written of the files of a deleted session', () => {
  it('is not kept with the requests for it', async () => {
    const id = freshId();
    await session(id).files.write('text', 'words');
    expect(await session(id).files.readText('text')).toBe('words');
    const firestore = createFirestoreClient(google);
    const requests = openDocuments(firestore).fileRequests(id);
    const read = async () => JSON.stringify((await requests.get()).docs.map((document) => document.data()));
    expect(await read()).toContain('"inline"');
    await session(id).delete();
    await retention.tend(id);
    const left = await read();
    await firestore.terminate();
    expect(left).not.toContain('"inline"');
    expect(left).toContain('session/deleted');
  }, 120_000);
});

describe('what is in /tmp', () => {
  it('is stored again only when it changed', async () => {
    const id = freshId();
    await session(id).exec('mkdir /tmp/d; echo 1 > /tmp/d/a; echo 2 > /tmp/b');
    await session(id).exec('cat /tmp/b');
    expect(await namesIn(`sessions/${id}/packs/`)).toHaveLength(1);
    await session(id).exec('echo 3 > /tmp/b');
    expect(await namesIn(`sessions/${id}/packs/`)).toHaveLength(2);
  }, 120_000);
});

describe('what nothing leads to in a session', () => {
  it('stays for the grace time and goes after it; a dry run only tells', async () => {
    const id = freshId();
    await session(id).exec('echo 1 > text');
    const own = await namesIn(`sessions/${id}/`);
    await fill(id, 3);
    expect((await retention.tend(id)).young).toHaveLength(3);
    expect((await retention.tend(id, { graceMs: 0, dryRun: true })).removed).toHaveLength(3);
    expect(await namesIn(`sessions/${id}/`)).toHaveLength(own.length + 3);
    expect((await retention.tend(id, { graceMs: 0 })).removed).toHaveLength(3);
    expect(await namesIn(`sessions/${id}/`)).toEqual(own);
    expect(await session(id).exec('cat text')).toMatchObject({ stdout: '1\n' });
  }, 180_000);

  it('stays where a manifest cannot be followed, and that is told', async () => {
    const id = freshId();
    await session(id).exec('echo 1 > text');
    await fill(id, 1);
    const [manifest = ''] = await namesIn(`sessions/${id}/manifests/`);
    await storage.bucket(google.bucket).file(manifest).delete();
    const tended = await retention.tend(id, { graceMs: 0 });
    expect([tended.removed, tended.problem]).toEqual([[], expect.stringContaining(manifest)]);
  }, 180_000);

  it('and was written again by a command, as the same content is there already, is kept', async () => {
    const id = freshId();
    const write = 'head -c 100000 /dev/zero | tr "\\\\0" x > a';
    await session(id).exec(write);
    const [pack] = await bucket.listObjects(`sessions/${id}/packs/`);
    await session(id).exec('rm a');
    await session(id).exec(write);
    const [again] = await bucket.listObjects(`sessions/${id}/packs/`);
    expect(again?.name).toBe(pack?.name);
    expect(again?.generation).not.toBe(pack?.generation);
    // What a collector listed before is not what is there now.
    expect(pack && (await bucket.deleteObject(pack))).toBe(false);
    expect(await session(id).exec('tail -c 3 a')).toMatchObject({ stdout: 'xxx' });
  }, 180_000);
});

describe('a session that nobody used until its time was over', () => {
  it('is deleted by a round', async () => {
    const id = freshId();
    await session(id).exec('echo 1 > text');
    const firestore = createFirestoreClient(google);
    await openDocuments(firestore)
      .sessions.doc(id)
      .update({ expireAt: new Date(0) });
    await firestore.terminate();
    const report = await retention.round();
    expect([report.expired, await session(id).info(), await namesIn(`sessions/${id}/`)]).toEqual([1, null, []]);
  }, 180_000);
});

describe('what no session has', () => {
  it('goes when there is no record of its name, in time', async () => {
    const { executionId } = await session(freshId()).exec('head -c 100000 /dev/zero');
    const hash = 'a'.repeat(64);
    const mine = [
      `uploads/${executionId}-${hash}`,
      'uploads/by somebody',
      `uploads/e-none-${hash}`,
      'dead-letters/d-none',
    ];
    const names = [...mine, 'executions/e-none/request-1.json', 'sessions/s-none/packs/x'];
    await Promise.all(names.map((name) => storage.bucket(google.bucket).file(name).save('x', { resumable: false })));
    await retention.round({ graceMs: 0, leftoverMs: 0, dryRun: true });
    const left = async () => {
      const lists = ['uploads/', 'dead-letters/', 'executions/e-none/', 'sessions/s-none/'].map(namesIn);
      return (await Promise.all(lists)).flat().toSorted();
    };
    expect(await left()).toEqual(names.toSorted());
    await retention.round();
    expect(await left()).toEqual(names.toSorted());
    await retention.round({ graceMs: 0, leftoverMs: 0 });
    expect(await left()).toEqual([`uploads/${executionId}-${hash}`]);
    expect(await namesIn(`executions/${executionId}/`)).toHaveLength(1);
  }, 240_000);
});

describe('the retention job', () => {
  it('may be killed while it removes: the next one goes on, and heads are whole', async () => {
    // Sessions are seen to by their ids, so this one comes first.
    const [gone, alive] = [`a-${randomUUID()}`, freshId()];
    await Promise.all([session(gone).exec('echo 1 > text'), session(alive).exec('echo 2 > text')]);
    await fill(gone, 300);
    await session(gone).delete();
    const job = [process.execPath, join(projectRoot, 'retention/main.ts')];
    const killed = startProgram(job, { env });
    const isUnderWay = async () => ((await namesIn(`sessions/${gone}/`)).length < 295 ? true : null);
    await until('the job to remove some', isUnderWay, 100_000);
    killed.kill('SIGKILL');
    await killed.ended;
    const next = startProgram(job, { env });
    expect((await next.ended).stdout).toContain('round done');
    expect(await namesIn(`sessions/${gone}/`)).toEqual([]);
    expect(await session(alive).exec('cat text')).toMatchObject({ stdout: '2\n' });
  }, 240_000);

  it('tells on the command line what is left of a session, and removes it', async () => {
    const id = freshId();
    await session(id).exec('echo 1 > text');
    const gc = async (...args: readonly string[]) =>
      await runSandbus(['gc', '--session', id, ...args], {
        env: { ...stack().stack.clientEnv, SANDBUS_CLOCK_TOLERANCE_MS: '0' },
      });
    expect((await gc('--dry-run')).stdout).toMatch(/^stays +3 objects, \d+ bytes that checkpoints lead to; 0 objects/m);
    await session(id).delete();
    const removed = await gc();
    expect(removed).toMatchObject({ code: 0, stderr: '' });
    expect(removed.stdout).toMatch(/: deleted, and nothing of it is left$/m);
    expect(removed.stdout).toMatch(/^stays +nothing below its prefix$/m);
  }, 240_000);
});
