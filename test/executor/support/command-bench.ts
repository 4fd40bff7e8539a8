import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultLimits, type Limits } from '../../../execution/limits.ts';
import type { CommandCgroup } from '../../../executor/limits/cgroup.ts';
import type { EgressOptions, EgressProxy } from '../../../executor/network/serve-egress.ts';
import { makeOutputPipes } from '../../../executor/output/output-pipes.ts';
import { runBehindWall } from '../../../executor/run-behind-wall.ts';
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

type Passed = 'graceMs' | 'onOutput' | 'onOutputLimit' | 'onWorkspaceMeasured';

export interface BenchOptions extends Partial<Pick<CommandRun, Passed>> {
  readonly shell?: Partial<ShellInput>;
  readonly limits?: Partial<Limits>;
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
  const { tmpMb = benchLimits.tmpMb } = sizes;
  const standing = new StandingWall(wall, { folders, tmpMb, ...sizes, withNetwork, ...(egress && { egress }) });
  const standingWall = () => standing.get({ withNetwork });
  let count = 0;
  return {
    folders,
    raised: async () => (await standingWall()).raised,
    proxy: async () => (await standingWall()).proxy,
    async run(command, { shell: changes = {}, limits: asked = {}, stdin, ...options } = {}) {
      const limits = { ...benchLimits, tmpMb, ...asked };
      const shellLimits = { ...limits, pids: wall.countsOwnProcesses ? limits.pids : null };
      const shell = {
        kind: 'bash' as const,
        command: Buffer.from(command),
        state: null,
        env: {},
        cwd: null,
        limits: shellLimits,
        ...changes,
      };
      const wanted = { withNetwork, tmpMb: limits.tmpMb };
      const first = await standing.get(wanted);
      await fillCommandFolders(folders, await shellFiles(shell), wall.owner);
      if (stdin !== undefined) writeFileSync(join(folders.input, 'stdin'), stdin);
      const run: Omit<CommandRun, 'raised'> = {
        wall,
        folders,
        spool: join(folders.root, `spool-${count++}`),
        shell,
        cgroup: null,
        limits,
        onOutputLimit: 'end',
        graceMs: 2_000,
        cancelled: never,
        fenced: never,
        ...options,
      };
      const result = await runBehindWall(first, ({ raised }) => runCommand({ ...run, raised }), {
        another: () => standing.get(wanted),
        isGivenUp: () => run.cancelled.aborted || run.fenced.aborted,
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
