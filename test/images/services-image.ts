import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tagOf } from '../../infra/images/build-images.ts';
import { type RunningProgram, startProgram } from '../support/run-program.ts';
import { useStack } from '../support/stack.ts';
import type { ImageWorld } from './support/image-world.ts';

const names = ['dispatcher', 'result-collector', 'dead-letter'];

/** Files of the machine that the variables of a local stack name. */
const filesOf = (env: Readonly<Record<string, string>>): readonly string[] =>
  [env.GOOGLE_APPLICATION_CREDENTIALS].filter((path) => path !== undefined);

const engineVariables = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' };

/** The services as a deployment runs them: from their image, without any right, on a root that nobody can write. */
export function describeServicesImage({ engine, podman }: ImageWorld): void {
  const options = [
    ...['--network', 'host', '--pull', 'never', '--read-only', '--cap-drop', 'ALL'],
    ...['--ulimit', 'nofile=4096:4096', '--ulimit', 'nproc=4096:4096', '--security-opt', 'no-new-privileges'],
  ];
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): RunningProgram =>
    startProgram(
      [
        ...[engine.program, ...engine.options, 'run', '--rm', ...Object.keys(env).flatMap((name) => ['--env', name])],
        ...options,
        ...filesOf(env).flatMap((path) => ['--volume', `${path}:${path}:ro`]),
        ...args,
      ],
      { env: { ...engineVariables, ...env } },
    );

  describe('the image of the services', () => {
    const stack = useStack({ services: [] });
    let services: RunningProgram[] = [];
    beforeAll(async () => {
      // Root, as the key file of the local stack is nobody else's to read.
      services = names.map((name) => run(['--user', '0:0', tagOf('services'), `${name}/main.ts`], stack().stack.env));
      await Promise.all(services.map((service) => service.printed('"message":"started"')));
    }, 300_000);
    afterAll(async () => {
      for (const service of services) service.kill('SIGTERM');
      await Promise.all(services.map(({ ended }) => ended));
    });

    it('runs a command with all three, each in a container of its own, and they end on SIGTERM with code 0', async () => {
      const result = await stack().sandbus.session(`s-${randomUUID()}`).exec('echo hi');
      expect(result).toMatchObject({ status: 'succeeded', stdout: 'hi\n' });
      for (const service of services) service.kill('SIGTERM');
      const ends = await Promise.all(services.map(({ ended }) => ended));
      expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
    }, 300_000);

    it('is not root, and has no shell between the engine and the program', async () => {
      const said = await podman(
        'image',
        'inspect',
        '--format',
        '{{.Config.User}} {{.Config.Entrypoint}}',
        tagOf('services'),
      );
      expect(said.trim()).toBe('65532:65532 [/usr/local/bin/node --disable-warning=ExperimentalWarning]');
    });

    it.each(names)('tells by itself what %s is missing, as the user that it promises', async (name) => {
      const { code, stdout } = await run([tagOf('services'), `${name}/main.ts`]).ended;
      expect([code, stdout]).toEqual([1, expect.stringContaining('GOOGLE_CLOUD_PROJECT is missing')]);
    });

    it('starts the dispatcher when nothing is said', async () => {
      const { stdout } = await run([tagOf('services')]).ended;
      expect(stdout).toContain('dispatcher: ');
    });

    it('has no file that its user could change, nothing of the tests and no package of them', async () => {
      const look =
        'find / -xdev -writable -not -type l -not -path "/proc/*" -not -path "/dev/*" -not -path "/sys/*" 2>/dev/null | grep -v -x -e /tmp -e /var/tmp -e /run/lock; ' +
        'ls -d test cli local bench node_modules/jest node_modules/typescript 2>/dev/null; id -u; grep CapBnd /proc/self/status';
      const said = await podman('run', '--rm', ...options, '--entrypoint', '/bin/bash', tagOf('services'), '-c', look);
      expect(said).toBe('65532\nCapBnd:\t0000000000000000\n');
    });
  });
}
