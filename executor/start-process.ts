import { type ChildProcess, spawn } from 'node:child_process';
import { Server } from 'node:net';
import type { Duplex } from 'node:stream';

/** The executor's only way to start a program. Nothing of the executor's environment is inherited. */
export interface ProcessSpec {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Started under this uid and gid, without supplementary groups; needs root. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Leads a process group of its own. */
  readonly ownGroup?: boolean;
  /** By descriptor number: an open descriptor, a pipe to this process, a channel that sockets can be sent over, or nothing. */
  readonly stdio: readonly (number | 'pipe' | 'ipc' | 'ignore')[];
}

export type ProcessEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signaled'; readonly signal: string };

export interface StartedProcess {
  readonly pid: number;
  readonly ended: Promise<ProcessEnd>;
  /** This process's end of a `pipe`. Errors of it are for the caller to listen to. */
  pipe(descriptor: number): Duplex;
  /**
   * The first socket that is sent over its channel; the channel is closed then, so that nobody can say more. Null when it
   * was closed without one.
   */
  readonly listener: Promise<Server | null>;
  kill(signal: NodeJS.Signals): void;
}

/** Rejects when the program cannot be started at all; its own failure is an end. */
export function startProcess(spec: ProcessSpec): Promise<StartedProcess> {
  const child = spawn(spec.file, [...spec.args], {
    env: spec.env,
    stdio: [...spec.stdio],
    ...(spec.cwd !== undefined && { cwd: spec.cwd }),
    ...(spec.user !== undefined && spec.user),
    ...(spec.ownGroup === true && { detached: true }),
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve(describe(child)));
  });
}

function describe(child: ChildProcess): StartedProcess {
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(signal === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'signaled', signal }),
    );
  });
  return {
    pid: child.pid as number,
    ended,
    listener: receiveListener(child),
    pipe(descriptor) {
      const stream = child.stdio[descriptor];
      if (!stream) throw new Error(`descriptor ${descriptor} of process ${child.pid} is not a pipe`);
      return stream as Duplex;
    },
    kill: (signal) => child.kill(signal),
  };
}

function receiveListener(child: ChildProcess): Promise<Server | null> {
  return new Promise((resolve) => {
    child.once('message', (_message, handle) => {
      resolve(handle instanceof Server ? handle : null);
      if (child.connected) child.disconnect();
    });
    child.once('disconnect', () => resolve(null));
    if (!child.connected) resolve(null);
  });
}
