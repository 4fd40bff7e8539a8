import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { useExecutors } from './support/executor-world.ts';

const world = useExecutors();

/** Has a sandbox launcher where Cloud Run has its own, for this executor alone. */
const standIn = join(import.meta.dirname, '../support/sandbox-launcher.bash');
const install =
  'mount -t tmpfs none /usr/local && mkdir -p /usr/local/gcp/bin && cp "$0" /usr/local/gcp/bin/sandbox && exec "$@"';
const inCloudRun = ['unshare', '--mount', 'bash', '--norc', '-c', install, standIn];

describe('an executor whose container has a sandbox launcher', () => {
  it('runs its commands in sandboxes, and its session goes on from one to the next', async () => {
    const first = await world.run({
      around: inCloudRun,
      request: { command: 'mkdir a; cd a; cat > file; export X=1; echo err >&2; exit 3', stdin: { text: 'in' } },
    });
    expect(first.event).toMatchObject({
      wall: 'cloud-run-sandbox',
      outcome: { kind: 'exited', exitCode: 3 },
      stderr: 'err\n',
      newState: { cwd: '/workspace/a', env: { set: { X: '1' } } },
      warnings: expect.arrayContaining([
        expect.stringMatching(/^the wall cloud-run-sandbox leaves open: /),
        expect.stringContaining('no limit of memory'),
      ]),
    });
    const checkpoint = first.event.newState?.checkpoint ?? null;
    const request = { command: 'cat file; echo " $X $PWD $HOME"' };
    const second = await world.run({ around: inCloudRun, request, checkpoint, api: first.api });
    expect([second.event.stdout, second.leftovers]).toEqual(['in 1 /workspace/a /workspace\n', []]);
  });

  it('has no network to give there', async () => {
    const { event } = await world.run({ around: inCloudRun, request: { command: 'true', network: 'internet' } });
    expect(event.outcome).toMatchObject({ kind: 'launch-failed', code: 'request/network-unavailable' });
  });
});

describe('an executor that is told to use the wall of a container', () => {
  it('runs nothing where it is not alone', async () => {
    const { event } = await world.run({ env: { EXECUTOR_WALL: 'container' }, request: { command: 'echo ran' } });
    expect([event.stdout, event.outcome]).toEqual([
      '',
      {
        kind: 'launch-failed',
        code: 'wall/unavailable',
        message: expect.stringMatching(/no container of this executor alone: it has the process \d+/),
      },
    ]);
  });
});
