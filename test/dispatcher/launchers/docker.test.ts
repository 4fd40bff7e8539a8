import { describe, expect, it } from '@jest/globals';
import { containerOptions } from '../../../dispatcher/launchers/container-options.ts';
import { commandUidOf, createDockerLauncher } from '../../../dispatcher/launchers/docker.ts';
import type { ErrorCode } from '../../../execution/error-codes.ts';
import { PipelineError } from '../../../execution/pipeline-error.ts';
import { deriveLaunchSecret } from '../../../signing/keys.ts';
import { aRequest, launched } from '../../support/records.ts';

const leaseKey = 'k'.repeat(32);
const settings = {
  ...({
    image: 'i',
    pull: 'never',
    engine: 'docker',
    wall: 'bubblewrap',
    network: 'bridge',
    more: ['--dns', '::1'],
  } as const),
  ...{ memoryMb: 512, cpus: '1.5', pids: 100, openFiles: 1024, scratchMb: 64 },
};

type Started = Parameters<Parameters<typeof createDockerLauncher>[0]['start']>[0];

/** A launcher whose engine fails with these codes, one a call, and then succeeds; and the containers asked for. */
function launcherThatFails(...failures: ErrorCode[]) {
  const asked: Started[] = [];
  const launch = createDockerLauncher({
    ...{ leaseKey, leaseApiUrl: 'https://lease.example', maxTries: 3, firstBackOffMs: 1, settings },
    nameOf: (leaseId) => `name-${leaseId}`,
    executorEnv: { GOOGLE_CLOUD_PROJECT: 'p', EXECUTOR_GRACE_MS: '1' },
    start: async (container) => {
      asked.push(container);
      const code = failures[asked.length - 1];
      if (code !== undefined) throw new PipelineError(code, 'the engine failed');
    },
  });
  return { asked, launch };
}

describe('launching an executor in a container', () => {
  it('names it for its lease, and passes the lease, the trace and the settings, and nothing of the command', async () => {
    const { asked, launch } = launcherThatFails();
    const { execution } = launched({ request: { kind: 'inline', request: aRequest({ command: 'cat /secret' }) } });
    await launch(execution, '00-trace');
    const secret = deriveLaunchSecret(leaseKey, 'l1');
    expect(asked).toEqual([
      {
        ...{ name: 'name-l1', image: 'i', options: containerOptions(settings) },
        env: {
          ...{ EXECUTOR_WALL: 'bubblewrap', EXECUTOR_COMMAND_UID: String(commandUidOf('l1')) },
          ...{
            GOOGLE_CLOUD_PROJECT: 'p',
            EXECUTOR_GRACE_MS: '1',
            SANDBUS_LEASE_ID: 'l1',
            SANDBUS_LEASE_SECRET: secret,
          },
          ...{ SANDBUS_LEASE_API_URL: 'https://lease.example', SANDBUS_TRACEPARENT: '00-trace' },
        },
      },
    ]);
    expect(asked[0]?.options.join(' ')).not.toContain(secret);
  });

  it.each<[ErrorCode, ErrorCode, number]>([
    ['container/unreachable', 'launch/unavailable', 3],
    ['container/name-taken', 'launch/unavailable', 3],
    ['container/unknown', 'launch/unavailable', 3],
    ['container/no-room', 'launch/quota', 1],
    ['container/image-missing', 'launch/refused', 1],
    ['container/program-missing', 'launch/refused', 1],
    ['container/denied', 'launch/refused', 1],
    ['container/failed', 'launch/refused', 1],
  ])('that ends with %s ends as %s after %i tries', async (code, failure, tries) => {
    const { asked, launch } = launcherThatFails(code, code, code);
    await expect(launch(launched().execution, undefined)).rejects.toMatchObject({ code: failure });
    expect(asked).toHaveLength(tries);
  });

  it('puts the commands of two leases under two users, of numbers that no account has', () => {
    const uids = Array.from({ length: 200 }, (_, n) => commandUidOf(`lease-${n}`));
    expect(new Set(uids).size).toBeGreaterThan(198);
    expect(Math.min(...uids)).toBeGreaterThanOrEqual(200_000);
    expect(Math.max(...uids)).toBeLessThan(2 ** 31);
  });
});

describe('the container of an executor', () => {
  const has = (part: string, given = settings) => containerOptions(given).join(' ').includes(part);

  it.each([
    '--memory 512m --memory-swap 512m --cpus 1.5 --pids-limit 100',
    '--read-only',
    '--cap-drop ALL --cap-add CHOWN',
    '--security-opt no-new-privileges',
    '--network bridge',
    '--tmpfs /scratch:rw,exec,nosuid,nodev,mode=0711,size=64m',
  ])('is held to what the settings say: %s', (part) => {
    expect(has(part)).toBe(true);
  });

  it('ends with what the operator adds, so that it wins', () => {
    expect(containerOptions(settings).slice(-2)).toEqual(['--dns', '::1']);
  });

  it('opens for bubblewrap what the engine has closed, and for the wall of the container nothing', () => {
    const opened = (wall: 'bubblewrap' | 'container', engine: 'docker' | 'podman') =>
      containerOptions({ ...settings, wall, engine }).filter((_, at, all) => all[at - 1] === '--security-opt');
    expect(opened('bubblewrap', 'podman')).toEqual(['no-new-privileges', 'unmask=ALL']);
    expect(opened('bubblewrap', 'docker')).toEqual([
      ...['no-new-privileges', 'seccomp=unconfined', 'apparmor=unconfined', 'systempaths=unconfined'],
    ]);
    expect([opened('container', 'podman'), opened('container', 'docker')]).toEqual([
      ['no-new-privileges'],
      ['no-new-privileges'],
    ]);
  });

  it('never gives a capability with which a machine can be changed', () => {
    const added = containerOptions(settings).filter((_, at, all) => all[at - 1] === '--cap-add');
    expect(added).toEqual(['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'KILL', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_PTRACE']);
  });
});
