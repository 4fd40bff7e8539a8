import { readlinkSync } from 'node:fs';
import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { type ProcessEnd, type StartedProcess, startProcess } from '../start-process.ts';
import { bubblewrapArguments, foldersInside, wallDescriptors } from './bubblewrap-arguments.ts';
import { livingDescendants, readProcess, signalQuietly } from './processes.ts';
import { terminateGently } from './terminate-gently.ts';
import type { CommandEnd, FileOwner, RunningCommand, Wall, WallSpec } from './wall.ts';

/**
 * bubblewrap in new namespaces of every kind. Under root `owner` must be a uid that nothing else has: the uid that a
 * command has on the host is then powerless there, and its process limit counts nobody else's processes.
 */
export function createBubblewrapWall(owner: FileOwner | null): Wall {
  return {
    kind: 'bubblewrap',
    owner,
    countsOwnProcesses: true,
    inside: () => foldersInside,
    start: (spec) => start(spec, owner),
  };
}

/** What bwrap tells over its status pipe: one JSON object a line, first the sandbox, at the end the exit code. */
interface WallStatus {
  readonly 'child-pid'?: number;
  readonly 'exit-code'?: number;
  readonly [namespace: `${string}-namespace`]: number;
}

async function start(spec: WallSpec, owner: FileOwner | null): Promise<RunningCommand> {
  const bwrap = await startBwrap(spec, owner);
  const status = readStatus(bwrap.pipe(wallDescriptors.status));
  // bwrap that has ended early does not read these to their end; why it ended tells `ended`.
  bwrap.pipe(wallDescriptors.arguments).on('error', () => {});
  bwrap.pipe(wallDescriptors.gate).on('error', () => {});
  bwrap.pipe(wallDescriptors.arguments).end(`${bubblewrapArguments(spec.folders, spec.env, spec.tmpMb).join('\0')}\0`);

  const first = await Promise.race([status.sandbox, bwrap.ended.then(() => null)]);
  if (first !== null) {
    try {
      assertSeparated(first.namespaces);
      spec.confine?.(first.pid);
    } catch (error) {
      signalQuietly(first.pid, 'SIGKILL');
      await bwrap.ended;
      throw PipelineError.from(error, 'wall/unavailable');
    }
    bwrap.pipe(wallDescriptors.gate).end('x');
  }
  return describeRunning(bwrap, first?.pid ?? null, status.exitCode);
}

async function startBwrap(spec: WallSpec, owner: FileOwner | null): Promise<StartedProcess> {
  try {
    return await startProcess({
      file: 'bwrap',
      args: ['--args', `${wallDescriptors.arguments}`, '--', ...spec.argv],
      env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
      cwd: '/',
      ...(owner !== null && { user: owner }),
      stdio: [spec.stdin, spec.stdout, spec.stderr, 'pipe', 'pipe', 'pipe'],
    });
  } catch (error) {
    throw new PipelineError('wall/unavailable', `bwrap cannot be started: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

interface Sandbox {
  /** The first process of the sandbox's pid namespace, as the host numbers it. */
  readonly pid: number;
  readonly namespaces: Readonly<Record<string, number>>;
}

function readStatus(pipe: Duplex): { sandbox: Promise<Sandbox>; exitCode: Promise<number | null> } {
  const sandbox = Promise.withResolvers<Sandbox>();
  const exitCode = Promise.withResolvers<number | null>();
  let text = '';
  pipe.setEncoding('utf8');
  pipe.on('error', () => exitCode.resolve(null));
  pipe.on('close', () => exitCode.resolve(null));
  pipe.on('data', (chunk: string) => {
    const lines = (text + chunk).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines.filter((one) => one.trim() !== '')) {
      const { 'child-pid': pid, 'exit-code': code, ...namespaces } = JSON.parse(line) as WallStatus;
      if (pid !== undefined) sandbox.resolve({ pid, namespaces });
      if (code !== undefined) exitCode.resolve(code);
    }
  });
  return { sandbox: sandbox.promise, exitCode: exitCode.promise };
}

const required = ['ipc', 'mnt', 'net', 'pid', 'uts'];

/** Costs nothing and holds for this very command: a namespace that is the executor's own would be a hole in the wall. */
function assertSeparated(namespaces: Readonly<Record<string, number>>): void {
  for (const name of required) {
    const own = Number(/\d+/.exec(readlinkSync(`/proc/self/ns/${name}`))?.[0]);
    const its = namespaces[`${name}-namespace`];
    if (its === undefined || its === own) {
      throw new PipelineError('wall/unavailable', `the command would share the executor's ${name} namespace`);
    }
  }
}

function describeRunning(
  bwrap: StartedProcess,
  sandboxPid: number | null,
  exitCode: Promise<number | null>,
): RunningCommand {
  const kill = () => {
    if (sandboxPid !== null && !hasEnded) signalQuietly(sandboxPid, 'SIGKILL');
    bwrap.kill('SIGKILL');
  };
  let hasEnded = false;
  const ended = bwrap.ended.then(async (end) => {
    const code = await exitCode;
    // bwrap may exit a moment before the kernel has killed all others of the pid namespace.
    if (sandboxPid !== null) await whenGone(sandboxPid);
    hasEnded = true;
    return describeEnd(end, code, sandboxPid !== null);
  });
  const processes = () => (sandboxPid === null || hasEnded ? [] : livingDescendants(sandboxPid));
  return {
    ended,
    processes,
    kill,
    async terminate(graceMs) {
      if (sandboxPid !== null && !hasEnded) {
        const timer = setTimeout(kill, graceMs);
        await terminateGently(processes, graceMs);
        await ended;
        clearTimeout(timer);
      } else {
        kill();
        await ended;
      }
    },
  };
}

function describeEnd(end: ProcessEnd, code: number | null, wasRaised: boolean): CommandEnd {
  if (end.kind === 'signaled') return end;
  // Without a code of its own bwrap failed while it set the sandbox up, unless the sandbox was killed from outside.
  if (code === null && (end.code <= 128 || !wasRaised)) return { kind: 'not-started' };
  const signal = signalOfCode(end.code);
  return signal === null ? end : { kind: 'exited-or-signaled', code: end.code, signal };
}

function signalOfCode(code: number): string | null {
  const found = Object.entries(constants.signals).find(([, number]) => number === code - 128);
  return found?.[0] ?? null;
}

/** The first process of a pid namespace turns into a zombie only when no other process of it is left. */
async function whenGone(pid: number): Promise<void> {
  for (;;) {
    const row = readProcess(pid);
    if (row === null || row.isZombie) return;
    await delay(1);
  }
}
