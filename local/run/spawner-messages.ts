/** How a task's main process ended. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'signaled'; readonly signal: number }
  | { readonly kind: 'not-started'; readonly message: string }
  /** The spawner itself died: nothing more is known. */
  | { readonly kind: 'lost'; readonly message: string };

export interface TaskCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Empty: the task's own folder. */
  readonly workingDir: string;
}

export type OutputStream = 'stdout' | 'stderr';

/** What the host sends to the spawner process. */
export type SpawnerRequest =
  | ({ readonly kind: 'start'; readonly id: number; readonly scratchDir: string } & TaskCommand)
  | { readonly kind: 'signal'; readonly id: number; readonly signal: 'SIGTERM' | 'SIGKILL' }
  /** Ends what is left of a task that an earlier spawner process started, and removes its folder. */
  | { readonly kind: 'clear'; readonly id: number; readonly pid: number; readonly folder: string };

/** What the spawner process reports. Every start is answered by one `ended` and then one `removed`. */
export type SpawnerReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'started'; readonly id: number; readonly pid: number; readonly folder: string }
  | { readonly kind: 'output'; readonly id: number; readonly stream: OutputStream; readonly text: string }
  | { readonly kind: 'ended'; readonly id: number; readonly end: ProcessEnd }
  | { readonly kind: 'removed'; readonly id: number };
