import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { runSandbus } from '../cli/run-sandbus.ts';
import { useStack } from '../support/stack.ts';

const stack = useStack();
const session = (id: string) => stack().sandbus.session(id);
const freshId = () => `s-${randomUUID()}`;
const sandbus = (...args: readonly string[]) => runSandbus(args, { env: stack().stack.clientEnv });

describe('a session that is rewound', () => {
  const id = freshId();
  const history = async () =>
    (await session(id).checkpoints()).map(({ number, parent, isHead, origin }) => [
      number,
      parent,
      isHead,
      origin.kind,
    ]);

  it('goes on from the files and the shell of the checkpoint, and loses nothing', async () => {
    await session(id).exec('mkdir one; cd one; echo first > log; export STEP=1');
    await session(id).exec('echo second >> log; export STEP=2');
    expect(await session(id).rewind(1)).toBe(3);
    expect(await session(id).exec('cat log; echo $STEP; pwd')).toMatchObject({
      stdout: 'first\n1\n/workspace/one\n',
      checkpoint: 4,
    });
    expect(await history()).toEqual([
      [4, 3, true, 'execution'],
      [3, 1, false, 'rewind'],
      [2, 1, false, 'execution'],
      [1, null, false, 'execution'],
    ]);
  }, 180_000);

  it('can be rewound to before its rewind, once under one key', async () => {
    const again = () => session(id).rewind(2, { idempotencyKey: `k-${id}` });
    expect([await again(), await again()]).toEqual([5, 5]);
    expect(await session(id).exec('cat log; echo $STEP')).toMatchObject({ stdout: 'first\nsecond\n2\n' });
  }, 180_000);

  it('refuses what it does not have, and what another operation has the name of', async () => {
    await expect(session(id).rewind(99)).rejects.toMatchObject({ code: 'request/unknown-checkpoint' });
    await expect(session(freshId()).rewind(1)).rejects.toMatchObject({ code: 'control/unknown-session' });
    await expect(session(id).rewind(0)).rejects.toMatchObject({ code: 'message/invalid' });
    await expect(session(id).rewind(1, { idempotencyKey: `k-${id}` })).rejects.toMatchObject({
      code: 'request/id-conflict',
    });
  }, 120_000);

  it('is refused while a command runs, unless it may wait for it; a fork need not wait', async () => {
    const running = await session(id).start('echo third >> log; until [ -e /tmp/never ]; do sleep 0.1; done');
    await expect(session(id).rewind(1)).rejects.toMatchObject({ code: 'session/busy' });
    await expect(session(id).delete()).rejects.toMatchObject({ code: 'session/busy' });
    const fork = await session(id).fork();
    const waited = session(id).rewind(1, { wait: true });
    expect(await fork.exec('cat log')).toMatchObject({ stdout: 'first\nsecond\n' });
    await running.kill();
    await running.wait();
    await waited;
    expect(await session(id).exec('cat log')).toMatchObject({ stdout: 'first\n' });
  }, 180_000);
});

describe('a fork', () => {
  const [base, other] = [freshId(), freshId()];

  it('has the files and the shell of the checkpoint, under the id that was given, once', async () => {
    await session(base).exec('head -c 300000 /dev/urandom > big; sha256sum big > sum; export KEPT=yes; echo a > log');
    await session(base).exec('echo b >> log');
    const options = { at: 1, id: other, idempotencyKey: `k-${other}` };
    const [one, two] = await Promise.all([session(base).fork(options), session(base).fork(options)]);
    expect([one.id, two.id]).toEqual([other, other]);
    expect(await one.exec('sha256sum -c sum; cat log; echo $KEPT')).toMatchObject({ stdout: 'big: OK\na\nyes\n' });
    expect((await one.checkpoints()).map(({ number, origin }) => [number, origin])).toMatchObject([
      [2, { kind: 'execution' }],
      [1, { kind: 'fork', sessionId: base, checkpoint: 1 }],
    ]);
    expect(await one.info()).toMatchObject({ forkedFrom: { sessionId: base, checkpoint: 1 }, head: 2, active: null });
  }, 180_000);

  it('is refused under an id that is taken, and where there is nothing to begin with', async () => {
    await expect(session(base).fork({ id: other })).rejects.toMatchObject({ code: 'request/cannot-fork' });
    await expect(session(base).fork({ at: 9 })).rejects.toMatchObject({ code: 'request/unknown-checkpoint' });
    await expect(session(freshId()).fork()).rejects.toMatchObject({ code: 'control/unknown-session' });
  }, 120_000);
});

describe('the files of two checkpoints', () => {
  it('differ by what was added, changed and removed', async () => {
    const id = freshId();
    await session(id).exec('echo 1 > kept; echo 1 > changed; echo 1 > gone');
    await session(id).exec('echo 22 > changed; chmod 600 changed; rm gone; mkdir new; ln -s kept link; touch kept');
    expect(await session(id).diff(1, 2)).toEqual([
      {
        ...{ change: 'changed', path: 'changed' },
        before: { kind: 'file', size: 2, mode: 0o644, target: null },
        after: { kind: 'file', size: 3, mode: 0o600, target: null },
      },
      { change: 'removed', path: 'gone', before: { kind: 'file', size: 2, mode: 0o644, target: null }, after: null },
      {
        change: 'added',
        path: 'link',
        before: null,
        after: { kind: 'symlink', size: null, mode: null, target: 'kept' },
      },
      {
        change: 'added',
        path: 'new',
        before: null,
        after: { kind: 'directory', size: null, mode: 0o755, target: null },
      },
    ]);
    expect((await session(id).diff(1, 2, { text: true })).map(({ text }) => text)).toEqual([
      '--- a/changed\n+++ b/changed\n@@ -1,1 +1,1 @@\n-1\n+22\n',
      '--- a/gone\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-1\n',
      null,
      null,
    ]);
    await expect(session(id).diff(1, 3)).rejects.toMatchObject({ code: 'request/unknown-checkpoint' });
  }, 180_000);
});

describe('a deleted session', () => {
  it('is seen by nobody; a command under its id begins an empty one, and its fork goes on', async () => {
    const id = freshId();
    await session(id).exec('echo secret > note; export TOKEN=abc');
    const fork = await session(id).fork();
    await session(id).delete();
    expect([await session(id).info(), await session(id).checkpoints()]).toEqual([null, []]);
    await expect(session(id).fork()).rejects.toMatchObject({ code: 'control/unknown-session' });
    const list = await stack().sandbus.sessions.list({ limit: 100 });
    expect(list.map(({ sessionId }) => sessionId)).not.toContain(id);

    const after = await session(id).exec('ls -A; echo "[$TOKEN]"');
    expect(after).toMatchObject({ stdout: '[]\n', checkpoint: 2 });
    await expect(session(id).rewind(1)).rejects.toMatchObject({ code: 'request/unknown-checkpoint' });
    expect((await session(id).checkpoints()).map(({ number }) => number)).toEqual([2]);
    expect(await fork.exec('cat note')).toMatchObject({ stdout: 'secret\n' });
  }, 180_000);
});

describe('on the command line a session', () => {
  it('shows its history, is rewound, forked and deleted', async () => {
    const id = freshId();
    await session(id).exec('mkdir d; cd d; echo 1 > a');
    await session(id).exec('rm a');
    expect(await sandbus('rewind', id, '1')).toMatchObject({
      stdout: `${id}: checkpoint 3 has the content of 1, and commands go on from it\n`,
    });
    const { stdout } = await sandbus('checkpoints', id);
    expect(stdout.split('\n').map((line) => line.replace(/\d{4}-\S+/, 'T').split(/ {2,}/))).toEqual([
      ['CHECKPOINT', 'FROM', 'CREATED', 'BYTES', 'ENTRIES', 'DIRECTORY', 'BY'],
      ['', '* 3', '1', 'T', '2', '2', '/workspace/d', 'rewind to 1'],
      ['', '2', '1', 'T', '0', '1', '/workspace/d', expect.any(String)],
      ['', '1', 'T', '2', '2', '/workspace/d', expect.any(String)],
      [''],
    ]);
    expect((await sandbus('diff', id, '2')).stdout).toBe('CHANGE  SIZE  MODE  PATH\nadded      2  0644  d/a\n');
    expect((await sandbus('diff', id, '2', '--text')).stdout).toBe('--- /dev/null\n+++ b/d/a\n@@ -0,0 +1,1 @@\n+1\n');
    const other = freshId();
    expect(await sandbus('fork', id, '--at', '2', '--id', other)).toMatchObject({
      stdout: `${other}: a fork of ${id} at checkpoint 2\n`,
    });
    expect((await sandbus('sessions', 'show', other)).stdout).toContain(`fork of     ${id} at 2`);
    expect(await sandbus('sessions', 'rm', other, '--json')).toMatchObject({
      stdout: `${JSON.stringify({ sessionId: other, deleted: true })}\n`,
    });
    expect(await sandbus('sessions', 'show', other)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('control/unknown-session'),
    });
    expect((await sandbus('sessions')).stdout).not.toContain(other);
  }, 180_000);
});
