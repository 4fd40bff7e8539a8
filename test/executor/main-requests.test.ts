import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { OutputChunk } from '../../schemas/generated/messages.ts';
import { until } from '../support/until.ts';
import { apartFromMachine } from './support/apart-from-machine.ts';
import { useExecutors } from './support/executor-world.ts';
import { ownProcessLimit } from './support/own-process-limit.ts';

const world = useExecutors();
const ref = (object: string, text: string) => ({
  object,
  bytes: Buffer.byteLength(text),
  sha256: createHash('sha256').update(text).digest('hex'),
});

describe('a session', () => {
  it('goes on in the next executor: files, directory, variables, functions, umask', async () => {
    const first = await world.run({
      request: { command: 'mkdir -p a/b; echo content > a/b/file; cd a; export X=1; f() { echo from f; }; umask 027' },
    });
    const checkpoint = first.event.newState?.checkpoint ?? null;
    expect(first.event).toMatchObject({
      stateCaptured: true,
      newState: {
        cwd: '/workspace/a',
        umask: '0027',
        env: { set: { X: '1' }, removed: [] },
        checkpoint: { number: 1, parent: null, entries: 3 },
        filesChanged: { added: 1, modified: 0, deleted: 0 },
      },
    });
    const second = await world.run({
      request: { command: 'pwd; cat b/file; echo $X; f; umask; rm b/file' },
      checkpoint,
      api: first.api,
    });
    expect(second.event.stdout).toBe('/workspace/a\ncontent\n1\nfrom f\n0027\n');
    expect(second.event.newState).toMatchObject({
      env: { set: {}, removed: [] },
      checkpoint: { number: 2, parent: 1 },
      filesChanged: { added: 0, modified: 0, deleted: 1 },
    });
  });

  it('goes on from before when a command leaves no state, but keeps its files', async () => {
    const first = await world.run({ request: { command: 'export X=1' } });
    const { event } = await world.run({
      request: { command: 'echo kept > file; export X=2; kill -9 $$' },
      checkpoint: first.event.newState?.checkpoint ?? null,
      api: first.api,
    });
    expect(apartFromMachine(event)).toMatchObject({
      outcome: { kind: 'signaled', signal: 'SIGKILL' },
      stateCaptured: false,
      warnings: [expect.stringContaining('the shell left no state')],
    });
    expect(event.newState?.checkpoint).toMatchObject({
      number: 2,
      state: first.event.newState?.checkpoint?.state,
      entries: 1,
    });
  });

  it('whose checkpoint is damaged does not run the command, and stays as it is', async () => {
    const first = await world.run({ request: { command: 'echo x > file' } });
    const checkpoint = first.event.newState?.checkpoint ?? null;
    const { event } = await world.run({
      request: { command: 'echo no' },
      checkpoint,
      api: first.api,
      direct: (api) => api.objects.set(checkpoint?.manifest.object ?? '', Buffer.from('damaged')),
    });
    expect(event).toMatchObject({
      outcome: {
        kind: 'launch-failed',
        code: 'workspace/restore-failed',
        message: expect.stringContaining(`checkpoint 1 of the session cannot be restored: [workspace/corrupt]`),
      },
      status: 'launch-failed',
      stdout: '',
      wall: null,
      newState: null,
      stateCaptured: false,
    });
  });

  it('is kept without what cannot be, and without what its .sandbusignore names, and the result says so', async () => {
    const command = 'mkdir big; echo x > big/x; echo big/ > .sandbusignore; mkfifo pipe; echo kept > file';
    const { event } = await world.run({ request: { command } });
    expect(event.newState?.checkpoint).toMatchObject({ entries: 2 });
    expect(apartFromMachine(event).warnings).toEqual([
      "not kept: pipe: a fifo can't be kept",
      'not kept, as .sandbusignore says: big',
    ]);
  });

  it('of which a command makes more than it may keep goes on from before it, and the limit is named', async () => {
    const { event } = await world.run({
      request: { command: 'export X=1; head -c 1200000 /dev/zero > a; cp a b; echo done' },
      limits: { workspaceMb: 2 },
    });
    expect(apartFromMachine(event)).toMatchObject({
      outcome: { kind: 'exited', exitCode: 0 },
      stdout: 'done\n',
      newState: null,
      stateCaptured: false,
      warnings: [expect.stringMatching(/workspace\/too-large.*2097152/)],
    });
  });
});

describe('a request', () => {
  it('may lie in the bucket, as may its command, its input and its files', async () => {
    const command = 'cat; cat data/given';
    const { event } = await world.run({
      request: {
        stdin: { ref: ref('uploads/in', 'input\n') },
        files: [{ path: 'data/given', content: { ref: ref('uploads/file', 'file\n') } }],
      },
      direct: (api) => {
        api.put('uploads/in', Buffer.from('input\n'));
        api.put('uploads/file', Buffer.from('file\n'));
        const grant = api.grant();
        const inline = grant.assignment.request.kind === 'inline' ? grant.assignment.request.request : null;
        const request = JSON.stringify({ ...inline, commandRef: api.put('uploads/command', Buffer.from(command)) });
        const object = api.put('executions/x/request.json', Buffer.from(request));
        api.grant = () => ({
          ...grant,
          assignment: { ...grant.assignment, request: { kind: 'object', ref: object } },
        });
      },
    });
    expect(event).toMatchObject({ outcome: { kind: 'exited', exitCode: 0 }, stdout: 'input\nfile\n' });
  });

  it('whose bytes in the bucket are not what was announced is not run', async () => {
    const { event } = await world.run({
      request: { command: 'cat', stdin: { ref: ref('uploads/in', 'announced') } },
      direct: (api) => void api.put('uploads/in', Buffer.from('different')),
    });
    expect(event.outcome).toMatchObject({ kind: 'launch-failed', code: 'workspace/corrupt' });
  });

  it.each([
    ['text', { text: 'a\n' }, 'a\n'],
    ['base64', { base64: Buffer.from([0x61, 0x00, 0x0a]).toString('base64') }, 'a\0\n'],
  ])('gives input as %s', async (_kind, stdin, stdout) => {
    expect((await world.run({ request: { command: 'cat', stdin } })).event.stdout).toBe(stdout);
  });

  it('gives variables and a directory for its command only', async () => {
    const { event } = await world.run({
      request: { command: 'echo $GIVEN; pwd', env: { GIVEN: 'x', __sandbus_out: '/' }, cwd: '~/..' },
    });
    expect(apartFromMachine(event)).toMatchObject({
      stdout: 'x\n/\n',
      newState: { cwd: '/workspace', env: { set: {}, removed: [] } },
      warnings: [expect.stringContaining('__sandbus_out was not set')],
    });
  });

  it('for a directory that is not there gets exit code 1 and a word on stderr', async () => {
    const { event } = await world.run({ request: { command: 'echo no', cwd: 'absent' } });
    expect(event).toMatchObject({
      outcome: { kind: 'exited', exitCode: 1 },
      stdout: '',
      stderr: "sandbus: cannot change to directory '/workspace/absent'\n",
      stateCaptured: true,
    });
  });

  it('for a file that cannot be written gets exit code 1 and a word on stderr, and nothing is kept', async () => {
    const first = await world.run({ request: { command: 'ln -s /etc link' } });
    const { event } = await world.run({
      request: { command: 'echo no', files: [{ path: 'link/passwd', content: { text: 'x' } }] },
      checkpoint: first.event.newState?.checkpoint ?? null,
      api: first.api,
    });
    expect(event).toMatchObject({
      outcome: { kind: 'exited', exitCode: 1 },
      stdout: '',
      stderr: "sandbus: cannot write file 'link/passwd': 'link' is a symbolic link\n",
      newState: null,
    });
  });

  it('for live output gets it in order, and the same as the result has', async () => {
    const { event, executionId } = await world.run({
      request: { command: 'for i in 1 2 3; do echo out $i; echo err $i >&2; sleep 0.2; done', streamOutput: true },
    });
    const chunks = await until('all of the output', () => {
      const found = world.publications().chunksOf(executionId);
      return bytesOf(found) === event.outputBytes.stdout + event.outputBytes.stderr ? found : null;
    });
    expect([textOf(chunks, 'stdout'), textOf(chunks, 'stderr')]).toEqual([event.stdout, event.stderr]);
    expect(chunks.map(({ seq }) => seq)).toEqual(chunks.map((_, index) => index));
    expect(chunks.length).toBeGreaterThan(1);
  });
});

const textOf = (chunks: readonly OutputChunk[], stream: string) =>
  chunks
    .filter((chunk) => chunk.stream === stream)
    .map(({ bytes }) => Buffer.from(bytes, 'base64').toString())
    .join('');

const bytesOf = (chunks: readonly OutputChunk[]) => textOf(chunks, 'stdout').length + textOf(chunks, 'stderr').length;

describe('long output', () => {
  it('is whole in the bucket, and its head and tail are in the event', async () => {
    const { event, api, executionId } = await world.run({ request: { command: 'seq 50000' } });
    const stored = api.objects.get(`executions/${executionId}/g1/stdout`);
    const whole = Array.from({ length: 50_000 }, (_, index) => `${index + 1}\n`).join('');
    expect(stored?.toString()).toBe(whole);
    expect(event.outputRefs).toEqual({ stdout: ref(`executions/${executionId}/g1/stdout`, whole) });
    expect(event.truncated).toEqual({ stdout: true, stderr: false });
    expect([event.stdout.startsWith('1\n2\n'), event.stdout.endsWith('49999\n50000\n')]).toEqual([true, true]);
  });

  it('that cannot be stored is told of, and the result is not lost for it', async () => {
    const { event } = await world.run({
      request: { command: 'seq 50000' },
      direct: (api) => {
        api.refuseObject = (method, name) => (method === 'PUT' && name.startsWith('executions/') ? 403 : null);
      },
    });
    expect(apartFromMachine(event)).toMatchObject({
      outcome: { kind: 'exited', exitCode: 0 },
      truncated: { stdout: true },
      stateCaptured: true,
      warnings: [expect.stringContaining('the whole stdout could not be stored')],
    });
    expect(event.outputRefs).toBeUndefined();
  });

  it('over the limit ends the command', async () => {
    const { event } = await world.run({ request: { command: 'yes' }, limits: { outputBytes: 100_000 } });
    expect(event.outcome).toEqual({ kind: 'output-limit', limitBytes: 100_000 });
    expect(event.outputRefs?.stdout?.bytes).toBe(100_000);
  });
});

describe('an executor without the rights of root', () => {
  const asUser = process.getuid?.() === 0 ? { uid: 65_534 } : {};

  it('runs commands behind the same wall', async () => {
    const { event, leftovers } = await world.run({
      ...asUser,
      request: {
        command: 'id -un; echo x > file; mkdir -m 0 closed; touch /etc/x',
        files: [{ path: 'given', content: { text: '' } }],
      },
    });
    expect(event).toMatchObject({ wall: 'bubblewrap', stdout: 'user\n', outcome: { kind: 'exited', exitCode: 1 } });
    expect([event.stderr, leftovers]).toEqual([expect.stringContaining('Read-only file system'), []]);
  });
});

describe('an executor that is told to use no wall', () => {
  const env = { EXECUTOR_WALL: 'none' };

  it('says so with each result, and a session still finds its place', async () => {
    const first = await world.run({ env, request: { command: 'mkdir a; cd a; echo x > file; echo $HOME > ~/home' } });
    expect(first.event).toMatchObject({
      wall: 'none',
      newState: { cwd: '/workspace/a', env: { set: {}, removed: [] } },
      warnings: expect.arrayContaining([expect.stringContaining('no wall is in force')]),
    });
    const checkpoint = first.event.newState?.checkpoint ?? null;
    const command = 'cat file; test "$(cat ~/home)" != "$HOME" && test "$PWD" = "$HOME/a" && echo moved';
    const second = await world.run({ env, request: { command }, checkpoint, api: first.api });
    expect(second.event.stdout).toBe('x\nmoved\n');
  });

  it('leaves what the session has in /tmp in its checkpoint, and says so', async () => {
    const first = await world.run({ request: { command: 'echo x > /tmp/of-the-session' } });
    const checkpoint = first.event.newState?.checkpoint ?? null;
    const { event } = await world.run({
      env,
      request: { command: 'ls /tmp/of-the-session' },
      checkpoint,
      api: first.api,
    });
    expect(event).toMatchObject({
      outcome: { kind: 'exited', exitCode: 2 },
      newState: { checkpoint: { tmp: checkpoint?.tmp } },
      warnings: expect.arrayContaining([expect.stringContaining('stays in its checkpoint')]),
    });
  });

  it('leaves its own process limit as it is, because that would count all that its user runs', async () => {
    const { event } = await world.run({ env, request: { command: 'ulimit -u' } });
    expect(event.stdout).toBe(`${ownProcessLimit()}\n`);
  });
});
