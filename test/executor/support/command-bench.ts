import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultLimits, type Limits } from '../../../execution/limits.ts';
import type { CommandCgroup } from '../../../executor/limits/cgroup.ts';
import { makeOutputPipes } from '../../../executor/output/output-pipes.ts';
import { type CommandResult, type CommandRun, runCommand } from '../../../executor/run-command.ts';
import {
  createCommandFolders,
  createSessionFolders,
  removeSessionFolders,
  type SessionFolders,
} from '../../../executor/session-folders.ts';
import { type ShellInput, shellFiles } from '../../../executor/shell/shell-input.ts';
import type { Cancellation } from '../../../executor/stops.ts';
import type { Wall } from '../../../executor/walls/wall.ts';

export interface BenchOptions extends Partial<Pick<CommandRun, 'graceMs' | 'onOutput' | 'onOutputLimit'>> {
  readonly shell?: Partial<ShellInput>;
  readonly limits?: Partial<Limits>;
  readonly cgroup?: CommandCgroup | null;
  readonly stdin?: number | 'ignore';
  readonly cancelled?: AbortSignal;
  readonly fenced?: AbortSignal;
  readonly onStarted?: () => void;
}

export interface BenchResult extends CommandResult {
  readonly out: string;
  readonly err: string;
}

/** Runs single commands behind a wall, each from a new shell in the same workspace. */
export interface CommandBench {
  readonly folders: SessionFolders;
  run(command: string, options?: BenchOptions): Promise<BenchResult>;
  close(): Promise<void>;
}

const benchLimits: Limits = {
  ...defaultLimits,
  timeoutMs: 20_000,
  idleOutputMs: 20_000,
  pids: 64,
  fileMb: 64,
  outputBytes: 1024 * 1024,
};

export const never = new AbortController().signal;

export function cancellation(reason: Cancellation): { signal: AbortSignal; cancel: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, cancel: () => controller.abort(reason) };
}

export async function createBench(wall: Wall): Promise<CommandBench> {
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
  chmodSync(scratch, 0o711);
  const folders = await createSessionFolders(scratch, wall.owner);
  await makeOutputPipes(folders.pipes, wall.owner);
  let count = 0;
  return {
    folders,
    async run(command, { shell: changes = {}, limits: asked = {}, ...options } = {}) {
      const limits = { ...benchLimits, ...asked };
      const shellLimits = { ...limits, pids: wall.countsOwnProcesses ? limits.pids : null };
      const shell = { command: Buffer.from(command), state: null, env: {}, cwd: null, limits: shellLimits, ...changes };
      const result = await runCommand({
        wall,
        folders: await createCommandFolders(folders, await shellFiles(shell), wall.owner),
        pipes: folders.pipes,
        spool: join(folders.root, `spool-${count++}`),
        shell,
        stdin: 'ignore',
        cgroup: null,
        limits,
        onOutputLimit: 'end',
        graceMs: 2_000,
        cancelled: never,
        fenced: never,
        ...options,
      });
      return { ...result, out: result.stdout.head.toString(), err: result.stderr.head.toString() };
    },
    async close() {
      await removeSessionFolders(folders);
      rmSync(scratch, { recursive: true });
    },
  };
}
