import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandCgroup } from '../../../executor/limits/cgroup.ts';
import type { EgressOptions, EgressProxy } from '../../../executor/network/serve-egress.ts';
import { makeOutputPipes } from '../../../executor/output/output-pipes.ts';
import { type CommandResult, type CommandRun, runCommand } from '../../../executor/run-command.ts';
import {
  createSessionFolders,
  fillCommandFolders,
  removeSessionFolders,
  type SessionFolders,
} from '../../../executor/session-folders.ts';
import { type ShellInput, shellFiles } from '../../../executor/shell/shell-input.ts';
import type { Cancellation } from '../../../executor/stops.ts';
import { StandingWall } from '../../../executor/walls/standing-wall.ts';
import type { RaisedWall, RaiseSpec, Wall } from '../../../executor/walls/wall.ts';

export interface BenchOptions
  extends Partial<Pick<CommandRun, 'timeoutMs' | 'graceMs' | 'outputLimitBytes' | 'onOutput'>> {
  readonly shell?: Partial<ShellInput>;
  readonly cgroup?: CommandCgroup | null;
  readonly stdin?: Buffer;
  readonly cancelled?: AbortSignal;
  readonly fenced?: AbortSignal;
  readonly onStarted?: () => void;
}

export interface BenchResult extends CommandResult {
  readonly out: string;
  readonly err: string;
}

/** Runs single commands behind one wall, each from a new shell in the same workspace. */
export interface CommandBench {
  readonly folders: SessionFolders;
  /** The wall that the next command gets. */
  raised(): Promise<RaisedWall>;
  /** The proxy of that wall; null when it was raised without a network. */
  proxy(): Promise<EgressProxy | null>;
  run(command: string, options?: BenchOptions): Promise<BenchResult>;
  close(): Promise<void>;
}

export const never = new AbortController().signal;

export function cancellation(reason: Cancellation): { signal: AbortSignal; cancel: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, cancel: () => controller.abort(reason) };
}

export interface BenchWall extends Omit<RaiseSpec, 'folders' | 'network'> {
  /** Gives commands a network, by a proxy that decides like this. */
  readonly egress?: EgressOptions;
}

export async function createBench(wall: Wall, { egress, ...sizes }: BenchWall = {}): Promise<CommandBench> {
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
  chmodSync(scratch, 0o711);
  const folders = await createSessionFolders(scratch, wall.owner);
  await makeOutputPipes(folders.pipes, wall.owner);
  const withNetwork = egress !== undefined;
  const standing = new StandingWall(wall, { folders, ...sizes, withNetwork, ...(egress && { egress }) });
  const standingWall = () => standing.get({ withNetwork });
  let count = 0;
  return {
    folders,
    raised: async () => (await standingWall()).raised,
    proxy: async () => (await standingWall()).proxy,
    async run(command, { shell: changes = {}, stdin, ...options } = {}) {
      const limits = { pids: wall.countsOwnProcesses ? 64 : null, fileMb: 64 };
      const shell = { command: Buffer.from(command), state: null, env: {}, cwd: null, limits, ...changes };
      const { raised } = await standingWall();
      await fillCommandFolders(folders, await shellFiles(shell), wall.owner);
      if (stdin !== undefined) writeFileSync(join(folders.input, 'stdin'), stdin);
      const result = await runCommand({
        wall,
        raised,
        folders,
        spool: join(folders.root, `spool-${count++}`),
        shell,
        cgroup: null,
        timeoutMs: 20_000,
        graceMs: 2_000,
        outputLimitBytes: 1024 * 1024,
        cancelled: never,
        fenced: never,
        ...options,
      });
      return { ...result, out: result.stdout.head.toString(), err: result.stderr.head.toString() };
    },
    async close() {
      await standing.close();
      await removeSessionFolders(folders);
      rmSync(scratch, { recursive: true });
    },
  };
}
