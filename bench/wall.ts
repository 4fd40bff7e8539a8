/*
 * How many commands a second each way of running them allows, one after the other, beside plain bash in the same run.
 *
 *   npm run bench -- wall [--smoke]
 *
 * Every way runs `bash -c true`; the rows differ in what stands around it. Without the state prelude and without a cgroup,
 * which cost the same behind every wall. As root all of it runs in namespaces that look like a container, because the wall
 * `container` is for nothing else; the sandboxes of Cloud Run are those of the stand-in that the tests have, a bubblewrap for
 * each. Both walls need root and are left out without it.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { pump } from '../executor/output/drain.ts';
import { closeWriteEnds, makeOutputPipes, openOutputPipes } from '../executor/output/output-pipes.ts';
import { createSessionFolders, removeSessionFolders, type SessionFolders } from '../executor/session-folders.ts';
import { type ProcessSpec, startProcess } from '../executor/start-process.ts';
import { chooseWall } from '../executor/walls/choose-wall.ts';
import { createCloudRunSandboxWall } from '../executor/walls/cloud-run-sandbox.ts';
import type { RaisedWall, Wall } from '../executor/walls/wall.ts';
import { createSandboxStandIn } from '../test/executor/support/sandbox-stand-in.ts';
import { quantile } from './measures/measured.ts';

const { values: options } = parseArgs({
  options: { smoke: { type: 'boolean', default: false }, contained: { type: 'boolean', default: false } },
});
const isRoot = process.getuid?.() === 0;
if (isRoot && !options.contained) {
  const namespaces = ['--pid', '--fork', '--kill-child', '--mount-proc', '--net'];
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1), '--contained'];
  process.exit(spawnSync('unshare', [...namespaces, ...again], { stdio: 'inherit' }).status ?? 1);
}
const [rounds, perRound] = options.smoke ? [1, 5] : [10, 60];

const bash = ['/bin/bash', '--norc', '--noprofile', '-c', 'true'] as const;
const path = { PATH: '/usr/local/bin:/usr/bin:/bin' };

interface Way {
  readonly what: string;
  once(): Promise<void>;
  /** Slow ones are run less often. */
  readonly isSlow?: boolean;
}

async function runToEnd(spec: Pick<ProcessSpec, 'file' | 'args' | 'user'>): Promise<void> {
  const started = await startProcess({ ...spec, env: path, cwd: '/', stdio: ['ignore', 'ignore', 2] });
  const end = await started.ended;
  if (end.kind !== 'exited' || end.code !== 0) throw new Error(`${spec.file}: ${JSON.stringify(end)}`);
}

/** One bubblewrap for each command, as sandboxes that are run by hand do it. */
const bubblewrapArguments = [
  ...['--unshare-all', '--uid', '1000', '--gid', '1000', '--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
  ...['--clearenv', '--tmpfs', '/', '--ro-bind', '/usr', '/usr', '--symlink', 'usr/bin', '/bin'],
  ...['--symlink', 'usr/lib', '/lib', '--symlink', 'usr/lib64', '/lib64', '--proc', '/proc', '--dev', '/dev'],
  ...['--tmpfs', '/tmp', '--remount-ro', '/', '--'],
];

/** As the executor does it: output through named pipes that are read to their ends. */
async function throughWall(raised: RaisedWall, { pipes }: SessionFolders): Promise<void> {
  const output = openOutputPipes(pipes);
  const readers = [output.stdout, output.stderr].map((pipe) => pump(pipe, () => null));
  const running = await raised.run({ argv: bash, env: path });
  closeWriteEnds(output);
  const end = await running.ended;
  await Promise.all(readers.map(({ ended }) => ended));
  if (end.kind !== 'exited' || end.code !== 0) throw new Error(`the command ended as ${JSON.stringify(end)}`);
}

const scratch = mkdtempSync(join(tmpdir(), 'sandbus-bench-'));
// The wall's user passes through it.
chmodSync(scratch, 0o711);
const closes: (() => Promise<void>)[] = [async () => rmSync(scratch, { recursive: true })];

async function behind(wall: Wall): Promise<() => Promise<void>> {
  const folders = await createSessionFolders(scratch, wall.owner);
  closes.unshift(() => removeSessionFolders(folders));
  await makeOutputPipes(folders.pipes, wall.owner);
  const raised = await wall.raise({ folders });
  closes.unshift(() => raised.close());
  return () => throughWall(raised, folders);
}

async function waysOfRoot(): Promise<readonly Way[]> {
  const standIn = createSandboxStandIn();
  closes.push(async () => standIn.remove());
  // A user of its own: this wall kills whatever its user has left, and takes the agent of another wall for that.
  const container = chooseWall('container', process.pid + 1000);
  const sandbox = createCloudRunSandboxWall(chooseWall('container', process.pid + 2000).owner, standIn.path);
  return [
    { what: 'wall container', once: await behind(container) },
    { what: 'wall cloud-run-sandbox (stand-in)', once: await behind(sandbox), isSlow: true },
  ];
}

/** One measurement: what a command takes, in milliseconds. Rounds of all ways alternate, because machines are not quiet. */
async function measure(ways: readonly Way[]): Promise<ReadonlyMap<Way, readonly number[]>> {
  const times = new Map<Way, number[]>(ways.map((way) => [way, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const way of ways) {
      for (let n = 0; n < (way.isSlow ? perRound / 5 : perRound); n += 1) {
        const startedAt = performance.now();
        await way.once();
        times.get(way)?.push(performance.now() - startedAt);
      }
    }
  }
  return times;
}

try {
  const user = chooseWall('bubblewrap', process.pid).owner;
  const plain: Way = { what: 'plain bash', once: () => runToEnd({ file: bash[0], args: bash.slice(1) }) };
  const ways: readonly Way[] = [
    plain,
    { what: 'wall none', once: await behind(chooseWall('none', process.pid)) },
    {
      what: 'a bwrap for each command',
      once: () => runToEnd({ file: 'bwrap', args: [...bubblewrapArguments, ...bash], ...(user !== null && { user }) }),
    },
    { what: 'wall bubblewrap', once: await behind(chooseWall('bubblewrap', process.pid)) },
    ...(isRoot ? await waysOfRoot() : []),
  ];
  const times = await measure(ways);
  const meanOf = (way: Way) => {
    const all = times.get(way) ?? [];
    return all.reduce((sum, one) => sum + one, 0) / all.length;
  };
  for (const way of ways) {
    const ratio = meanOf(way) / meanOf(plain);
    const rate = 1000 / meanOf(way);
    const [p50, p99] = [0.5, 0.99].map((share) => quantile(times.get(way) ?? [], share).toFixed(1));
    console.log(
      `${way.what.padEnd(34)} ${ratio.toFixed(2).padStart(6)} x plain bash  ${rate.toFixed(0).padStart(5)}/s  p50 ${p50} ms  p99 ${p99} ms`,
    );
  }
} finally {
  for (const close of closes) await close();
}
