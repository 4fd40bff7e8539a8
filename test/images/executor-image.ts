import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { tagOf } from '../../infra/images/build-images.ts';
import { useExecutors } from '../executor/support/executor-world.ts';
import { containedExecutor, settingsFor } from './support/contained-executor.ts';
import type { ImageWorld } from './support/image-world.ts';

const walls = ['bubblewrap', 'container'] as const;

/** What a job of this image does, beside what every executor does. */
export function describeExecutorImage(image: ImageWorld): void {
  const { podman } = image;
  const world = useExecutors();

  describe.each(walls)('an executor in a container, with the wall %s', (wall) => {
    const instead = containedExecutor(image, settingsFor(wall));

    it('runs a command as somebody who is not root, on a root that nobody can write', async () => {
      const command =
        'id -u | grep -c "^0$"; touch /usr/x /etc/x /opt/x 2>/dev/null; ls /usr/x /etc/x /opt/x /opt/sandbus/executor/main.ts 2>/dev/null; ' +
        'grep -E "CapEff|CapBnd|NoNewPrivs" /proc/self/status | cut -f2 | sort -u; pwd; hostname; echo kept > file; echo kept > /tmp/file; cat file /tmp/file';
      const { event, code } = await world.run({ instead, request: { command } });
      const readable = wall === 'container' ? '/opt/sandbus/executor/main.ts\n' : '';
      expect([event.wall, event.outcome, event.stdout, code]).toEqual([
        wall,
        { kind: 'exited', exitCode: 0 },
        `0\n${readable}0000000000000000\n1\n/workspace\nsandbox\nkept\nkept\n`,
        0,
      ]);
      process.stderr.write(
        `executor in a container with ${wall}: claim sent ${event.stages?.bootMs} ms after its start\n`,
      );
    }, 300_000);

    it('publishes the outcome when SIGTERM ends it, within the time of a stop', async () => {
      const { executor, event } = await world.start({
        instead,
        request: { command: "trap 'echo asked' TERM; echo on > here; while :; do sleep 0.1; done" },
        direct: (api) => {
          api.answer = ({ verb }) => {
            if (verb === 'heartbeat') executor.kill('SIGTERM');
            return null;
          };
        },
        heartbeatMs: 1500,
      });
      const { code } = await executor.ended;
      expect([code, await event()]).toEqual([
        0,
        expect.objectContaining({
          outcome: { kind: 'cancelled', by: 'shutdown' },
          stdout: expect.stringContaining('asked'),
        }),
      ]);
    }, 300_000);

    it('survives a command that eats memory, and says so', async () => {
      const { event, code } = await world.run({
        instead,
        request: {
          command:
            'echo before; python3 -c "import time; x = [bytearray(10 << 20) for n in range(100) if not time.sleep(0.01)]"',
        },
        limits: { memoryMb: 128 },
      });
      expect([event.outcome.kind, event.stdout, code]).toEqual(['out-of-memory', 'before\n', 0]);
    }, 300_000);

    it('leaves no process of a command that hides, and no container', async () => {
      const { event, code } = await world.run({
        instead,
        request: { command: '(setsid bash -c "trap \'\' TERM; sleep 777 & sleep 777" &); sleep 0.2; echo done' },
      });
      expect([event.stdout, code, await podman('ps', '--all', '--quiet')]).toEqual(['done\n', 0, '']);
    }, 300_000);

    it('runs nothing where the wall does not hold', async () => {
      // An image without bubblewrap; and a process of somebody else beside the executor.
      const more = { bubblewrap: ['--volume', '/bin/false:/usr/bin/bwrap:ro'], container: ['--pid', 'host'] }[wall];
      const broken = containedExecutor(image, { ...settingsFor(wall), more });
      const problem = { bubblewrap: /bwrap/, container: /no container of this executor alone/ }[wall];
      const { event } = await world.run({ instead: broken, request: { command: 'echo ran' } });
      expect([event.outcome, event.stdout]).toEqual([
        { kind: 'launch-failed', code: 'wall/unavailable', message: expect.stringMatching(problem) },
        '',
      ]);
    }, 300_000);
  });

  describe('the image of the executor', () => {
    it("loads none of Google's clients before its claim", async () => {
      const folder = mkdtempSync(join(tmpdir(), 'image-trace-'));
      const trace = join(folder, 'loaded');
      writeFileSync(
        join(folder, 'hook.mjs'),
        `import { appendFileSync } from 'node:fs';
         import { registerHooks } from 'node:module';
         registerHooks({ load: (url, context, next) => {
           if (url.includes('/@google-cloud/')) appendFileSync('/trace/loaded', 'client ');
           return next(url, context);
         } });`,
      );
      const more = ['--volume', `${folder}:/trace`, '--env', 'NODE_OPTIONS=--import=/trace/hook.mjs'];
      const { event } = await world.run({
        instead: containedExecutor(image, { ...settingsFor('bubblewrap'), more }),
        request: { command: 'true' },
        direct: (api) => {
          api.answer = ({ verb }) => {
            appendFileSync(trace, `${verb} `);
            return null;
          };
        },
      });
      const order = readFileSync(trace, 'utf8').split(' ');
      rmSync(folder, { recursive: true });
      expect([event.status, order[0], order.includes('client')]).toEqual(['succeeded', 'claim', true]);
    }, 300_000);

    it('has the programs that commands expect', async () => {
      const programs = ['bash', 'bwrap', 'curl', 'git', 'node', 'perl', 'ps', 'python3', 'setpriv', 'tini', 'unshare'];
      const settings = settingsFor('bubblewrap');
      const { event } = await world.run({
        instead: containedExecutor(image, settings),
        request: {
          command: `for one in ${programs.join(' ')}; do command -v $one >/dev/null || echo no $one; done; node -v`,
        },
      });
      expect(event.stdout).toMatch(/^v24\./);
      const user = await podman(
        'image',
        'inspect',
        '--format',
        '{{.Config.User}} {{index .Config.Entrypoint 0}}',
        tagOf('executor'),
      );
      expect(user.trim()).toBe('0:0 /usr/bin/tini');
    }, 300_000);
  });
}
