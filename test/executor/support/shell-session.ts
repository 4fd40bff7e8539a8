import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStateFile } from '../../../executor/shell/read-state-file.ts';
import { nextShState } from '../../../executor/shell/sh-state.ts';
import {
  type ShellInput,
  type ShellKind,
  shellArguments,
  shellEnvironment,
  shellFiles,
  shellOutputFiles,
} from '../../../executor/shell/shell-input.ts';
import { nextShellState, type ShellState } from '../../../executor/shell/shell-state.ts';
import type { StateFile } from '../../../executor/shell/state-file.ts';

export interface ShellResult {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What the shell left; null when it left nothing that counts. */
  readonly left: StateFile | null;
  /** What the session keeps. */
  readonly state: ShellState | null;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
}

export interface SessionShell {
  readonly kind?: ShellKind;
  /** Runs it in place of the program that a command gets. */
  readonly program?: readonly string[];
  /** What the session begins with. */
  readonly from?: ShellState | null;
}

/** A session's shell without a wall around it: the prelude and bash as a command gets them. Bytes are latin1 here. */
export interface ShellSession {
  readonly home: string;
  /** Runs a command in the session; its state goes on from what the command left. */
  run(command: string | Buffer, options?: CommandOptions): Promise<ShellResult>;
  close(): void;
}

export function createShellSession({ kind = 'bash', program, from = null }: SessionShell = {}): ShellSession {
  const next = kind === 'sh' ? nextShState : nextShellState;
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'shell-')));
  const folders = { workspace: join(root, 'home'), input: join(root, 'in'), output: join(root, 'out') };
  mkdirSync(folders.workspace);
  let state = from;
  return {
    home: folders.workspace,
    async run(command, { env = {}, cwd, stdin = '' } = {}) {
      const limits = { pids: 4096, fileMb: 1024, openFiles: 4096, cpuMs: 60_000 };
      const input: ShellInput = { command: Buffer.from(command), state, env, cwd: cwd ?? null, limits, kind };
      for (const folder of [folders.input, folders.output]) {
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder);
      }
      for (const [name, bytes] of await shellFiles(input)) writeFileSync(join(folders.input, name), bytes);
      for (const name of shellOutputFiles) writeFileSync(join(folders.output, name), '');
      const [usual, ...usualArgs] = shellArguments(input, folders);
      const [file, ...args] = [...(program ?? [usual]), ...usualArgs] as [string, ...string[]];
      const { status, signal, stdout, stderr } = spawnSync(file, args, {
        env: shellEnvironment(input, folders),
        cwd: folders.workspace,
        input: Buffer.from(stdin, 'latin1'),
        timeout: 60_000,
        encoding: 'latin1',
        maxBuffer: 8 * 1024 * 1024,
      });
      const left = readStateFile(join(folders.output, 'state'), kind);
      const given = { envNames: new Set(Object.keys(env)), hasCwd: cwd !== undefined };
      if (left !== null) state = next(left, state, given, { home: folders.workspace, env: new Map() });
      return { code: status, signal, stdout, stderr, left, state };
    },
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** What a session exports, by name, as latin1. */
export const envOf = ({ state }: Pick<ShellResult, 'state'>): Record<string, string> =>
  Object.fromEntries([...(state?.env ?? [])].map(([name, value]) => [name, value.toString('latin1')]));

export const cwdOf = ({ state }: Pick<ShellResult, 'state'>): string | undefined => state?.cwd.toString('latin1');
