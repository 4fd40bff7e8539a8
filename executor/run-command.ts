import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EndEvidence } from '../execution/outcome.ts';
import type { CommandCgroup } from './limits/cgroup.ts';
import { drain, drainPolicy, type Pump, pump } from './output/drain.ts';
import { closeWriteEnds, openOutputPipes } from './output/output-pipes.ts';
import { type CapturedStream, type OutputBudget, StreamCapture } from './output/stream-capture.ts';
import { readStateFile } from './shell/read-state-file.ts';
import { type ShellInput, shellArguments, shellEnvironment } from './shell/shell-input.ts';
import type { StateFile } from './shell/state-file.ts';
import { type StopPolicy, Stops } from './stops.ts';
import type { CommandEnd, RaisedWall, RunningCommand, Wall, WallFolders } from './walls/wall.ts';

export interface CommandRun extends StopPolicy {
  readonly wall: Wall;
  /** Of that kind, raised around these folders. */
  readonly raised: RaisedWall;
  readonly folders: WallFolders;
  /** Where long output goes. */
  readonly spool: string;
  readonly shell: ShellInput;
  readonly outputLimitBytes: number;
  readonly cgroup: CommandCgroup | null;
  /** Called once, when the shell has been started. */
  onStarted?(): void;
  /** Live output. The command waits while it is being taken. */
  onOutput?(stream: 'stdout' | 'stderr', bytes: Buffer): Promise<void>;
}

export interface CommandResult {
  readonly evidence: EndEvidence;
  readonly stdout: CapturedStream;
  readonly stderr: CapturedStream;
  /** What the shell left, where it left something that counts. */
  readonly state: StateFile | null;
  readonly wallMs: number;
  /** Processor time of all its processes; null where it cannot be known. */
  readonly cpuMs: number | null;
}

/**
 * Runs one command to its end and keeps all that is to be known of it. Rejects with `wall/unavailable` when it provably has
 * not started.
 */
export async function runCommand(run: CommandRun): Promise<CommandResult> {
  const pipes = openOutputPipes(run.folders.pipes);
  const stops = new Stops();
  const budget: OutputBudget = {
    limitBytes: run.outputLimitBytes,
    usedBytes: 0,
    onExceeded: () => stops.stopAtOutputLimit(run.outputLimitBytes),
  };
  const captures = {
    stdout: new StreamCapture(`${run.spool}.stdout`, budget),
    stderr: new StreamCapture(`${run.spool}.stderr`, budget),
  };
  const cpuBefore = childCpuMs();
  const startedAt = performance.now();
  let running: RunningCommand;
  try {
    running = await start(run);
  } catch (error) {
    for (const pipe of [pipes.stdout, pipes.stderr]) pipe.readEnd.destroy();
    throw error;
  } finally {
    closeWriteEnds(pipes);
  }
  run.onStarted?.();
  stops.watch(running, run);
  const pumps = (['stdout', 'stderr'] as const).map((name) =>
    pump(pipes[name].readEnd, async (bytes) => {
      await run.onOutput?.(name, bytes);
      await captures[name].write(bytes);
    }),
  );
  const end = await endOf(running, pumps, run.cgroup);
  stops.close();
  const wallMs = performance.now() - startedAt;
  await drain(pumps, run.wall.kind === 'none' ? drainPolicy : allWritersAreDead);

  const state = readStateFile(join(run.folders.output, 'state'));
  return {
    evidence: {
      ...stops.cause(),
      exit: exitOf(end, state),
      outOfMemory: run.cgroup?.outOfMemoryEvidence() ?? null,
    },
    stdout: await captures.stdout.finish(),
    stderr: await captures.stderr.finish(),
    state,
    wallMs,
    cpuMs: run.cgroup !== null ? run.cgroup.cpuMs() : run.wall.kind === 'none' ? childCpuMs() - cpuBefore : null,
  };
}

/** Behind a wall nothing outlives the shell, so the ends of the pipes come as soon as they are read out. */
const allWritersAreDead = { quietMs: 60_000, maxMs: 60_000 };

function start(run: CommandRun): Promise<RunningCommand> {
  const inside = run.wall.inside(run.folders);
  const { cgroup } = run;
  return run.raised.run({
    argv: shellArguments(run.shell, inside),
    env: shellEnvironment(run.shell, inside),
    ...(cgroup !== null && { confine: (pid) => cgroup.enter(pid) }),
  });
}

/** A disk that takes no more output ends the command: its error is the one to tell. */
async function endOf(running: RunningCommand, pumps: readonly Pump[], cgroup: CommandCgroup | null) {
  const failed = Promise.all(pumps.map(({ ended }) => ended)).then(() => running.ended);
  try {
    return await Promise.race([running.ended, failed]);
  } catch (error) {
    running.kill();
    await running.ended;
    throw error;
  } finally {
    cgroup?.kill();
  }
}

function exitOf(end: CommandEnd, state: StateFile | null): EndEvidence['exit'] {
  switch (end.kind) {
    case 'exited':
      return { code: end.code };
    case 'signaled':
      return { signal: end.signal };
    case 'exited-or-signaled':
      // A shell that exits by itself records the status it exits with. One that a signal ends records another or none.
      return state?.status === end.code ? { code: end.code } : { signal: end.signal };
  }
}

/**
 * User and system time of all children that have been waited for, from /proc/self/stat; ticks are 10 ms (proc(5)).
 * What a wall's own processes have waited for is not among it, so behind one this says nothing.
 */
function childCpuMs(): number {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}
