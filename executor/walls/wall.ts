import type { ProcessRow } from './processes.ts';

/** The isolation around a command. One implementation per kind; `choose-wall.ts` picks and proves it. */
export interface Wall {
  readonly kind: 'bubblewrap' | 'none';
  /** Who must own what the command may write; null when it runs as the executor's own user. */
  readonly owner: FileOwner | null;
  /**
   * Whether a process limit (RLIMIT_NPROC) counts the processes of the command alone. Linux counts by user, and since
   * 5.14 by user namespace: shared with others it would refuse the command its first child for what they run.
   */
  readonly countsOwnProcesses: boolean;
  /** What the folders are called where the command runs. */
  inside(folders: CommandFolders): CommandFolders;
  /** Rejects with `wall/unavailable` when the wall cannot be raised; the command has then provably not started. */
  start(spec: WallSpec): Promise<RunningCommand>;
}

/** What the operator asked for: `auto` is the strongest wall there is, and `none` is never chosen by itself. */
export type WallChoice = 'auto' | 'bubblewrap' | 'none';

export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
}

/** The only folders of the host that a command sees. */
export interface CommandFolders {
  readonly workspace: string;
  /** Read only: what the shell needs to start. */
  readonly input: string;
  /** What the shell leaves. Whoever reads it must not trust it. */
  readonly output: string;
}

export interface WallSpec {
  /** Paths on the host. */
  readonly folders: CommandFolders;
  /** Program and arguments as they are called inside. */
  readonly argv: readonly [string, ...string[]];
  /** The whole environment: nothing else is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: number | 'ignore';
  readonly stdout: number;
  readonly stderr: number;
  /** What /tmp holds, where the wall gives the command one of its own. */
  readonly tmpMb?: number;
  /** Called with the first process of the command while that still waits, so that limits hold from the first step. */
  confine?(pid: number): void;
}

export type CommandEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signaled'; readonly signal: string }
  /** The wall reports 128 + n both for `exit 137` and for a SIGKILL; the state that the shell left tells them apart. */
  | { readonly kind: 'exited-or-signaled'; readonly code: number; readonly signal: string }
  /** The wall fell before the command began; why stands on stderr. */
  | { readonly kind: 'not-started' };

export interface RunningCommand {
  /** Resolves when no process of the command is left (for the wall `none`: none of its process group). */
  readonly ended: Promise<CommandEnd>;
  /** Its living processes, the shell first. */
  processes(): readonly ProcessRow[];
  /** SIGTERM to all, then SIGKILL to what is left after `graceMs`. Resolves when `ended` does. */
  terminate(graceMs: number): Promise<void>;
  /** SIGKILL to all, at once. */
  kill(): void;
}
