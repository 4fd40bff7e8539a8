import { randomUUID } from 'node:crypto';
import { chmodSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { removeTree } from '../remove-tree.ts';
import type { StartedProcess } from '../start-process.ts';
import { describeEnd } from './agent-command.ts';
import { encodeLaunch } from './encode-launch.ts';
import { FollowedFile, pollMs } from './follow-file.ts';
import { proveByUser } from './prove-by-user.ts';
import { readSandboxStatus, type SandboxStatus } from './read-sandbox-status.ts';
import { destroySandbox, type Mount, sandboxArguments, startLauncher } from './sandbox-launcher.ts';
import type { RaisedWall, RunningCommand, RunSpec, WallFolders } from './wall.ts';

export interface SandboxPlan {
  readonly launcher: string;
  readonly mounts: readonly Mount[];
  /** What each sandbox runs: supervise-command.bash. */
  readonly program: readonly string[];
  readonly folders: WallFolders;
  /** Of the host: where the sandbox leaves output and status. */
  readonly streams: string;
  /** Of the host: what commands have as /tmp. */
  readonly tmp: string;
  /** What goes with the wall. */
  readonly root: string;
}

/** A sandbox was seen to take up to a second to start. */
const startPatienceMs = 30_000;
/** How long the supervisor has to end a sandbox from within; then it is destroyed from outside. */
const endPatienceMs = 5_000;

/** Starts a sandbox for each command. It falls only when it is closed: nothing of a command outlives its sandbox. */
export class CloudRunSandboxWall implements RaisedWall {
  readonly #plan: SandboxPlan;
  #leavesOpen: readonly string[] = [];
  #running: RunningCommand | null = null;
  #isClosed = false;

  constructor(plan: SandboxPlan) {
    this.#plan = plan;
  }

  async run(spec: RunSpec): Promise<RunningCommand> {
    if (this.#running !== null) throw new Error('a command runs behind this wall already');
    if (this.#isClosed) throw new PipelineError('wall/unavailable', 'the wall has fallen');
    try {
      const running = await startInSandbox(this.#plan, spec);
      this.#running = running;
      void running.ended.finally(() => {
        this.#running = null;
      });
      return running;
    } catch (error) {
      throw PipelineError.from(error, 'wall/unavailable');
    }
  }

  async prove(): Promise<void> {
    this.#leavesOpen = await proveByUser(this, {
      kind: 'cloud-run-sandbox',
      pipes: this.#plan.folders.pipes,
      program: '/sandbus-programs/prove-by-user.bash',
      network: 'closed',
    });
  }

  get tmpFolder(): string {
    return this.#plan.tmp;
  }

  leavesOpen(): readonly string[] {
    return this.#leavesOpen;
  }

  hasFallen(): boolean {
    return this.#isClosed;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#running?.kill();
    await this.#running?.ended;
    await removeTree(this.#plan.root);
  }
}

async function startInSandbox(plan: SandboxPlan, spec: RunSpec): Promise<RunningCommand> {
  const { launcher: file, streams, folders } = plan;
  const status = () => readSandboxStatus(join(streams, 'status'));
  for (const name of ['stdout', 'stderr', 'status']) {
    truncateSync(join(streams, name));
    chmodSync(join(streams, name), 0o600);
  }
  // Of a command before that was not removed with its input.
  for (const word of ['term', 'kill']) rmSync(join(folders.input, word), { force: true });
  writeFileSync(join(folders.input, 'launch'), encodeLaunch(spec), { mode: 0o644 });
  const followed = ['stdout', 'stderr'].map((name) => new FollowedFile(join(streams, name), join(folders.pipes, name)));
  const finish = () => Promise.all(followed.map((one) => one.finish()));
  const name = `sandbus-${randomUUID()}`;
  let launcher: StartedProcess;
  try {
    launcher = await startLauncher(file, sandboxArguments(name, plan.mounts, plan.program));
  } catch (error) {
    await finish();
    throw error;
  }
  const sandbox = { name, file, launcher, status, isOver: false };
  const words = readWords(launcher.pipe(2));
  try {
    await started(sandbox, words);
  } catch (error) {
    await destroySandbox(file, name, launcher);
    await launcher.ended;
    await finish();
    throw error;
  }
  return watch(sandbox, folders.input, finish);
}

interface RunningSandbox {
  readonly name: string;
  readonly file: string;
  readonly launcher: StartedProcess;
  status(): SandboxStatus;
  isOver: boolean;
}

async function started({ launcher, status }: RunningSandbox, words: () => string): Promise<void> {
  let isGone = false;
  void launcher.ended.then(() => {
    isGone = true;
  });
  const deadline = performance.now() + startPatienceMs;
  for (;;) {
    const wasGone = isGone;
    const { hasStarted, refusal } = status();
    if (hasStarted) return;
    if (refusal !== null || wasGone || performance.now() > deadline) {
      throw new Error(
        `the sandbox did not start the command: ${[refusal ?? '', words()].filter(Boolean).join('; ') || 'nothing was said'}`,
      );
    }
    await delay(pollMs);
  }
}

function watch(sandbox: RunningSandbox, input: string, finish: () => Promise<unknown>): RunningCommand {
  const { launcher, name, file, status } = sandbox;
  let destroyed: Promise<void> | null = null;
  let deadline: NodeJS.Timeout | undefined;
  const destroy = () => {
    destroyed ??= destroySandbox(file, name, launcher);
  };
  const tell = (word: 'term' | 'kill', text: string) => {
    if (!sandbox.isOver) writeFileSync(join(input, word), text, { mode: 0o644 });
  };
  const end = async () => {
    await launcher.ended;
    sandbox.isOver = true;
    clearTimeout(deadline);
    // The supervisor says last how the command ended. Who did not come to that may have left a sandbox.
    if (status().status === null) destroy();
    await destroyed;
    await finish();
    return describeEnd(status().status);
  };
  const ended = end();
  const kill = () => {
    tell('kill', '');
    deadline ??= setTimeout(destroy, endPatienceMs);
  };
  return {
    ended,
    // What runs in there are no processes of this kernel.
    processes: () => [],
    kill,
    async terminate(graceMs) {
      // Half of the grace is for the programs, the rest for the shell; in tenths of a second.
      tell('term', `${Math.ceil(graceMs / 200)}\n`);
      const timer = setTimeout(kill, graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

const longestWords = 2048;

/** The beginning of what the launcher says; all of it is read. */
function readWords(pipe: Readable): () => string {
  let text = '';
  pipe.setEncoding('utf8');
  pipe.on('error', () => {});
  pipe.on('data', (chunk: string) => {
    text = (text + chunk).slice(0, longestWords);
  });
  return () => text.trim();
}
