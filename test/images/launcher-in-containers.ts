import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import { type ContainerHost, createContainerHost, type NewContainer } from '../../containers/container-host.ts';
import { containerOptions } from '../../dispatcher/launchers/container-options.ts';
import { createDockerLauncher } from '../../dispatcher/launchers/docker.ts';
import { launched } from '../support/records.ts';
import { useStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { settingsFor } from './support/contained-executor.ts';
import { containedStackEnv } from './support/contained-stack.ts';
import type { ImageWorld } from './support/image-world.ts';

/** An engine on a machine that is busy. */
const patienceMs = 120_000;

/** The launcher and the host of its containers, with a real engine. */
export function describeLauncher(world: ImageWorld): void {
  const group = `test-${randomUUID()}`;
  const host: ContainerHost = createContainerHost({ ...world.engine, group });
  const settings = settingsFor('container');
  const leaseEnv = {
    SANDBUS_LEASE_ID: 'l',
    SANDBUS_LEASE_SECRET: 's3cret',
    SANDBUS_LEASE_API_URL: 'http://127.0.0.1:1',
  };
  /** An executor that waits for a dispatcher which is not there. */
  const aContainer = (name: string, more: readonly string[] = []): NewContainer => ({
    ...{ name, image: settings.image },
    options: [...containerOptions(settings), ...more],
    env: { ...leaseEnv, GOOGLE_CLOUD_PROJECT: 'p', SANDBUS_BUCKET: 'b' },
  });
  const evidenceOf = (name: string) =>
    until(
      `the end of ${name}`,
      async () => {
        const evidence = await host.inspect(name);
        return evidence.kind === 'ended' ? evidence : null;
      },
      patienceMs,
    );
  const count = async () =>
    (await world.podman('ps', '--all', '--quiet', '--filter', `label=dev.sandbus.group=${group}`)).split('\n').length -
    1;

  describe('a host of containers', () => {
    afterAll(() => host.removeAll());

    it('runs one container of a name, however often and however closely it is asked for', async () => {
      await Promise.all([host.start(aContainer('once')), host.start(aContainer('once'))]).catch(() => {});
      await host.start(aContainer('once'));
      expect([await host.inspect('once'), await count()]).toEqual([{ kind: 'running' }, 1]);
    }, 300_000);

    it('gives the secret of the lease to the executor, and shows it in no argument', async () => {
      const [pid = ''] = (await world.podman('inspect', '--format', '{{.State.Pid}}', 'once')).split('\n');
      const conmon = await world.podman('inspect', '--format', '{{.State.ConmonPid}}', 'once');
      const { readFileSync } = await import('node:fs');
      const read = (one: string, file: string) => readFileSync(`/proc/${one.trim()}/${file}`, 'latin1');
      expect(read(pid, 'environ')).toContain('SANDBUS_LEASE_SECRET=s3cret');
      expect([read(pid, 'cmdline'), read(conmon, 'cmdline')].filter((text) => text.includes('s3cret'))).toEqual([]);
    });

    it('knows nothing of a container that is not there', async () => {
      expect(await host.inspect('never')).toEqual({ kind: 'unknown' });
    });

    it('says of one that has failed with which exit code, and starts it again when it is asked for', async () => {
      const broken = aContainer('fails', ['--env', 'EXECUTOR_WALL=paper']);
      await host.start(broken);
      expect(await evidenceOf('fails')).toMatchObject({ cause: 'exited', exitCode: 1 });
      await host.start(aContainer('fails'));
      expect(await host.inspect('fails')).toEqual({ kind: 'running' });
    }, 300_000);

    it('says of one that was killed by which signal, and of one that passed its memory so', async () => {
      await host.start(aContainer('killed'));
      await world.podman('kill', '--signal', 'KILL', 'killed');
      expect(await evidenceOf('killed')).toMatchObject({ cause: 'signaled', signal: 9 });
      const eats = JSON.stringify(['/bin/bash', '-c', 'exec /usr/bin/tail /dev/zero']);
      await host.start(aContainer('hungry', ['--memory', '24m', '--memory-swap', '24m', '--entrypoint', eats]));
      expect(await evidenceOf('hungry')).toMatchObject({ message: expect.stringContaining('memory limit') });
    }, 300_000);

    it('says of one whose program is missing that it did not start, and leaves nothing of it', async () => {
      await expect(host.start(aContainer('lame', ['--entrypoint', '/no/program']))).rejects.toMatchObject({
        code: 'container/failed',
      });
      expect(await host.inspect('lame')).toEqual({ kind: 'unknown' });
    }, 300_000);

    it('refuses an image that is not there', async () => {
      const launch = createDockerLauncher({
        ...{ start: host.start, nameOf: (id) => id, executorEnv: {}, leaseKey: 'k'.repeat(32) },
        ...{ leaseApiUrl: 'http://127.0.0.1:1', maxTries: 3, firstBackOffMs: 1 },
        settings: { ...settings, image: 'localhost/no-such-image' },
      });
      await expect(launch(launched().execution, undefined)).rejects.toMatchObject({
        code: 'launch/refused',
        cause: expect.objectContaining({ code: 'container/image-missing' }),
      });
    }, 300_000);

    it('removes what has ended before then, and nothing that runs', async () => {
      expect(await host.removeEnded(Date.now() - 3_600_000)).toEqual([]);
      expect([...(await host.removeEnded(Date.now() + 1000))].sort()).toEqual(['hungry', 'killed']);
      expect(await host.inspect('once')).toEqual({ kind: 'running' });
      await host.removeAll();
      expect(await count()).toBe(0);
    }, 300_000);
  });

  describe('an execution whose container is killed', () => {
    const stack = useStack({
      env: {
        ...containedStackEnv(world, 'container'),
        ...{
          SANDBUS_CONTAINER_GROUP: `killed-${group}`,
          DISPATCHER_LEASE_MS: '15000',
          DISPATCHER_HEARTBEAT_MS: '2000',
        },
      },
      sweepEveryMs: 500,
    });

    it('is lost, with what the engine says of its end, and its session goes on', async () => {
      const session = stack().sandbus.session('killed');
      const running = await session.start('echo on; sleep 600', { live: true });
      // Its output comes from the container that has the lease.
      expect((await running.output().next()).done).toBe(false);
      const ofGroup = `label=dev.sandbus.group=killed-${group}`;
      const name = (await world.podman('ps', '--filter', ofGroup, '--format', '{{.Names}}')).trim();
      await world.podman('kill', '--signal', 'KILL', name);
      expect((await running.wait()).outcome).toEqual({ kind: 'lost', evidence: expect.stringMatching(/signal 9/) });
      expect((await session.exec('echo again')).stdout).toBe('again\n');
    }, 300_000);
  });
}
