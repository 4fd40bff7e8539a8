import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useExecutors } from '../executor/support/executor-world.ts';
import { type Census, startCensus, whatIsLeft } from '../support/census.ts';
import { type HostileHost, layOutHost } from './hostile-host.ts';
import { hostileCommands } from './list-commands.ts';
import { type Neighbour, startNeighbour } from './neighbour.ts';
import { type HostileRun, runHostile } from './run-hostile.ts';

const isRoot = process.getuid?.() === 0;
const allMinutes = 30 * 60_000;

/** Behind the wall is the system's own /usr, whatever this shell would find first. */
const isThere = (program: string) =>
  spawnSync('bash', ['-c', `command -v ${program}`], { env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' } })
    .status === 0;
const runnable = hostileCommands.filter(
  ({ needs = [], architecture = process.arch }) => architecture === process.arch && needs.every(isThere),
);

/** Under root each executor's commands have a user of their own on the host; otherwise they have the executor's. */
const users = [
  { who: isRoot ? 'root' : 'an unprivileged user', uid: null },
  // Only root can start a program as somebody else.
  ...(isRoot ? [{ who: 'an unprivileged user', uid: 61_234 }] : []),
];

describe('the suite of hostile commands', () => {
  it('is large enough, and most of it can be tried on this machine', () => {
    expect([hostileCommands.length >= 60, runnable.length >= 60]).toEqual([true, true]);
  });
});

describe.each(users)('a command behind the wall of an executor that $who runs', ({ uid }) => {
  const world = useExecutors();
  let host: HostileHost;
  let before: string;
  let neighbour: Neighbour;
  let neighbourEnd: Awaited<ReturnType<Neighbour['end']>>;
  let run: HostileRun;
  let census: Census;

  beforeAll(async () => {
    host = await layOutHost(uid);
    before = host.fingerprint();
    neighbour = await startNeighbour(world, uid);
    census = startCensus(host.secrets[0] ?? '');
    const words = { ...host.words, NEIGHBOUR: neighbour.workspace };
    run = await runHostile(world, runnable, { host: { ...host, words }, uid, observe: census.observe });
    neighbourEnd = await neighbour.end();
  }, allMinutes);
  afterAll(() => host.close());

  it.each(runnable)('is kept inside and told truly when it $tries', (command) => {
    expect(run.differences.get(command)).toEqual([]);
  });

  it('never made its executor die, or say anything of what it wrote', () => {
    expect([run.code, run.leftovers]).toEqual([0, []]);
    expect(['owned', '\u001b', ...host.secrets].filter((text) => run.log.includes(text))).toEqual([]);
  });

  it('never put bytes of a file of the host into a checkpoint', () => {
    expect(run.storedSecret).toBe(false);
  });

  it('never reached a server of this machine, and changed nothing of it', () => {
    expect([host.connections(), host.fingerprint()]).toEqual([0, before]);
  });

  it('never disturbed another session of the same user', () => {
    expect(neighbourEnd).toEqual({ kind: 'cancelled', stdout: `${neighbour.secret}\n` });
  });

  it('left no process, mount, namespace, control group or temporary file', async () => {
    expect(await whatIsLeft(census)).toEqual([]);
  });
});
