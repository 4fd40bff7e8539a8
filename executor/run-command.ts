import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Limits } from '../execution/limits.ts';
import type { EndEvidence } from '../execution/outcome.ts';
import type { ListeningPort } from '../schemas/generated/messages.ts';
import type { CommandCgroup } from './limits/cgroup.ts';
import { followProcess } from './limits/process-usage.ts';
import { orCpuTime } from './limits/watch-cpu-time.ts';
import { watchLimits } from './limits/watch-limits.ts';
import { drain, drainPolicy, type Pump, pump } from './output/drain.ts';
import { OutputMask } from './output/output-mask.ts';
import { closeWriteEnds, openOutputPipes } from './output/output-pipes.ts';
import { type CapturedStream, type OutputBudget, StreamCapture } from './output/stream-capture.ts';
import { readStateFile } from './shell/read-state-file.ts';
import { type ShellInput, shellArguments, shellEnvironment } from './shell/shell-input.ts';
import type { StateFile } from './shell/state-file.ts';
import { type StopPolicy, Stops } from './stops.ts';
import type { CommandEnd, RaisedWall, RunningCommand, Wall, WallFolders } from './walls/wall.ts';

export interface CommandRun extends Pick<StopPolicy, 'graceMs' | 'cancelled' | 'fenced'> {
  readonly wall: Wall;
  /** Of that kind, raised around these folders. */
  readonly raised: RaisedWall;
  readonly folders: WallFolders;
  /** Where long output goes. */
  readonly spool: string;
  readonly shell: ShellInput;
  /** Replaced in the output. */
  readonly maskedValues?: readonly string[];
  readonly limits: Limits;
  /** Whether the command is ended at the output limit, or goes on and what it writes is discarded. */
  readonly onOutputLimit: 'end' | 'discard';
  readonly cgroup: CommandCgroup | null;
  /** Called once, when the shell has been started. */
  onStarted?(): void;
  /** Told now and then what the files of the workspace take. */
  onWorkspaceMeasured?(bytes: number): void;
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
  /** How often it was refused another process; null where nobody counts that. */
  readonly refusedProcesses: number | null;
  /** What could not be watched. */
  readonly warnings: readonly string[];
  /** TCP ports on which it left something listening; null where the wall cannot tell. */
  readonly listening: readonly ListeningPort[] | null;
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
  const { timeoutMs, outputBytes } = run.limits;
  const endsAtLimit = run.onOutputLimit === 'end';
  const budget: OutputBudget = {
    limitBytes: outputBytes,
    beyond: endsAtLimit ? 'nothing' : 'tail',
    usedBytes: 0,
    onExceeded: () => endsAtLimit && stops.stopAtOutputLimit(outputBytes),
  };
  const captures = {
    stdout: new StreamCapture(`${run.spool}.stdout`, budget),
    stderr: new StreamCapture(`${run.spool}.stderr`, budget),
  };
  const cpuBefore = childCpuMs();
  const startedAt = performance.now();
  let running: RunningCommand;
  let shell: ReturnType<typeof followProcess> | null = null;
  try {
    running = await start(run, (pid) => {
      run.cgroup?.enter(pid);
      shell = followProcess(pid);
    });
  } catch (error) {
    for (const pipe of [pipes.stdout, pipes.stderr]) pipe.abandon();
    throw error;
  } finally {
    closeWriteEnds(pipes);
  }
  run.onStarted?.();
  stops.watch(running, { ...run, timeoutMs, hasExited: () => shell?.hasExited() ?? false });
  const onWorkspaceMeasured = (bytes: number) => run.onWorkspaceMeasured?.(bytes);
  const watched = { running, cgroup: run.cgroup, folders: run.folders, onWorkspaceMeasured };
  const watch = watchLimits(watched, run.limits, stops);
  const masks = { stdout: new OutputMask(run.maskedValues ?? []), stderr: new OutputMask(run.maskedValues ?? []) };
  const keep = async (name: 'stdout' | 'stderr', bytes: Buffer) => {
    const kept = await captures[name].write(bytes);
    // Live output ends where the result does: discarded bytes must not flood whoever listens.
    if (kept.length > 0) await run.onOutput?.(name, kept);
  };
  const pumps = (['stdout', 'stderr'] as const).map((name) =>
    pump(pipes[name], (piece) => {
      watch.idle.taking();
      const bytes = masks[name].push(piece);
      if (!captures[name].discard(bytes)) return keep(name, bytes).then(() => watch.idle.taken());
      watch.idle.taken();
      return null;
    }),
  );
  let end: CommandEnd;
  let warnings: readonly string[];
  try {
    end = await endOf(running, pumps, run.cgroup);
  } finally {
    stops.close();
    warnings = await watch.close();
  }
  const wallMs = performance.now() - startedAt;
  await drain(pumps, run.wall.kind === 'none' ? drainPolicy : allWritersAreDead);

  for (const name of ['stdout', 'stderr'] as const) {
    const held = masks[name].flush();
    if (held.length > 0 && !captures[name].discard(held)) await keep(name, held);
  }

  const state = readStateFile(join(run.folders.output, 'state'), run.shell.kind);
  const exit = exitOf(end, state);
  return {
    evidence: {
      ...orCpuTime(stops.cause(), exit, watch.cpu, run.limits.cpuMs),
      exit,
      outOfMemory: run.cgroup?.outOfMemoryEvidence() ?? stops.cause().outOfMemory,
    },
    stdout: await captures.stdout.finish(),
    stderr: await captures.stderr.finish(),
    state,
    wallMs,
    refusedProcesses: run.cgroup?.refusedProcesses() ?? null,
    listening: running.listening?.() ?? null,
    warnings: fellWith(end, run.raised) ? [...warnings, fell] : warnings,
    cpuMs: run.cgroup !== null ? run.cgroup.cpuMs() : run.wall.kind === 'none' ? childCpuMs() - cpuBefore : null,
  };
}

/** Behind such a wall nobody has seen how the command ended, and the kernel has killed all of it. */
const fellWith = (end: CommandEnd, raised: RaisedWall): boolean => end.kind === 'signaled' && raised.hasFallen();
const fell = 'the wall fell while the command ran: everything behind it was killed with it';

/** Behind a wall nothing outlives the shell, so the ends of the pipes come as soon as they are read out. */
const allWritersAreDead = { quietMs: 60_000, maxMs: 60_000 };

function start(run: CommandRun, confine: (pid: number) => void): Promise<RunningCommand> {
  const inside = run.wall.inside(run.folders);
  return run.raised.run({
    argv: shellArguments(run.shell, inside),
    env: shellEnvironment(run.shell, inside),
    confine,
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
