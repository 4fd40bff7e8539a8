import type { Server } from 'node:net';
import type { ListeningPort } from '../../schemas/generated/messages.ts';
import type { ProcessRow } from './processes.ts';

/** A kind of isolation around commands. `choose-wall.ts` picks one. */
export interface Wall {
  readonly kind: 'cloud-run-sandbox' | 'bubblewrap' | 'container' | 'none';
  /** Who must own what the command may write; null when it runs as the executor's own user. */
  readonly owner: FileOwner | null;
  /**
   * Whether a process limit (RLIMIT_NPROC) counts the processes of the command alone. Linux counts by user, and since
   * 5.14 by user namespace: shared with others it would refuse the command its first child for what they run.
   */
  readonly countsOwnProcesses: boolean;
  /** Whether commands are processes of this kernel: only then `confine` is called, and a cgroup holds them to anything. */
  readonly isConfinable: boolean;
  /** What it gives to a command that asks for a network: a proxy of the executor, the machine's own, or nothing. */
  readonly network: 'by-proxy' | 'of-the-machine' | 'closed';
  /** What the folders are called where the command runs. */
  inside(folders: CommandFolders): CommandFolders;
  /** Puts the wall up, once for all commands of a lease. Rejects with `wall/unavailable`. */
  raise(spec: RaiseSpec): Promise<RaisedWall>;
}

/** What the operator asked for: `auto` is the strongest wall that holds, and `none` is never chosen by itself. */
export type WallChoice = 'auto' | Wall['kind'];

export const wallChoices = [
  'auto',
  'cloud-run-sandbox',
  'bubblewrap',
  'container',
  'none',
] as const satisfies readonly WallChoice[];

export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
}

/** The folders of the host that a command is given. */
export interface CommandFolders {
  readonly workspace: string;
  /** Read only: what the shell needs to start. */
  readonly input: string;
  /** What the shell leaves. Whoever reads it must not trust it. */
  readonly output: string;
}

/** All folders of the host that a wall lets in. They stay the same folders while it stands; what is in them changes. */
export interface WallFolders extends CommandFolders {
  /** Read only: the named pipes `stdout` and `stderr`. */
  readonly pipes: string;
  /** Read only: what the wall puts in the place of files of /etc. */
  readonly configuration: string;
}

export interface RaiseSpec {
  /** Paths on the host. */
  readonly folders: WallFolders;
  /** What commands may put into memory through these folders, all of a lease together. */
  readonly tmpMb?: number;
  readonly sharedMemoryMb?: number;
  /** Without it the network behind the wall has no way out. */
  readonly network?: RaisedNetwork | null;
}

/** The only way out: a port of the loopback behind the wall, on which the executor listens. */
export interface RaisedNetwork {
  readonly port: number;
  /** Called with the listening socket before the wall stands, and not at all when that cannot be had. */
  onListening(listener: Server): void;
}

/** A wall that stands. It runs one command at a time. */
export interface RaisedWall {
  /**
   * Starts a command. Its input is the file `stdin` of the input folder where there is one, its output goes to the named
   * pipes, whose other ends must be open. Rejects with `wall/unavailable` when it has provably not started.
   */
  run(spec: RunSpec): Promise<RunningCommand>;
  /** Tries from inside what must fail. Rejects with `wall/unavailable` when something of it was possible. */
  prove(): Promise<void>;
  /** What the last proof found open and this kind of wall cannot close, in words for the user. */
  leavesOpen(): readonly string[];
  /** Whether it can run nothing any more, because it broke or what a command left could not be removed. */
  hasFallen(): boolean;
  /** Where /tmp is on the host, if that is a folder; absent: it can be seen from inside only. */
  readonly tmpFolder?: string | undefined;
  /** Ends all that is behind it. */
  close(): Promise<void>;
}

export interface RunSpec {
  /** Program and arguments as they are called inside. */
  readonly argv: readonly [string, ...string[]];
  /** The whole environment: nothing else is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Called with the first process of the command while that still waits, so that limits hold from the first step. */
  confine?(pid: number): void;
}

export type CommandEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signaled'; readonly signal: string }
  /** The wall reports 128 + n both for `exit 137` and for a SIGKILL; the state that the shell left tells them apart. */
  | { readonly kind: 'exited-or-signaled'; readonly code: number; readonly signal: string };

export interface RunningCommand {
  /** Resolves when no process of the command is left (for the wall `none`: none of its process group). */
  readonly ended: Promise<CommandEnd>;
  /** Its living processes, the shell first. */
  processes(): readonly ProcessRow[];
  /**
   * TCP ports on which its processes listened when the first of them had ended, once `ended` has resolved. Absent or null: this
   * wall cannot tell.
   */
  listening?(): readonly ListeningPort[] | null;
  /** SIGTERM to all, then SIGKILL to what is left after `graceMs`. Resolves when `ended` does. */
  terminate(graceMs: number): Promise<void>;
  /** SIGKILL to all, at once. */
  kill(): void;
}
