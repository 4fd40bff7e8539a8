import type { Sandbus } from '../client/index.ts';
import type { Env } from '../configuration/env-reader.ts';

/** What the commands need from outside; `main.ts` wires it to the process. */
export interface Terminal {
  /** Resolves when the bytes were taken; rejects when nobody reads them any more. */
  write(stream: 'stdout' | 'stderr', text: string | Uint8Array): Promise<void>;
  /** All of standard input. */
  readStdin(): Promise<Uint8Array>;
  readFile(path: string): Promise<Uint8Array>;
  /** The same piece by piece; "-" is standard input. What cannot be read fails when it is read. */
  openInput(from: string): AsyncIterable<Uint8Array>;
  /** A variable of the process. */
  variable(name: string): string | undefined;
  /** Whether a person sees standard error as it is written. */
  readonly isWatched: boolean;
  /** Characters in a line of standard output; null when it is no terminal. */
  readonly columns: number | null;
  /** Calls back at the first interrupt, until the returned function is called. Another one ends the process. */
  onInterrupt(handler: () => void): () => void;
  connect(): Promise<Sandbus>;
  /** The variables of the process. */
  readonly env: Env;
}

/** Whether standard output was closed by its reader, as `head` does. */
export const isBrokenPipe = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EPIPE';
