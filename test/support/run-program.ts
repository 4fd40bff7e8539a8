import { spawn } from 'node:child_process';
import { join } from 'node:path';

export const projectRoot = join(import.meta.dirname, '../..');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProgram {
  readonly pid: number;
  /** Resolves once the program has printed this; rejects when it ends before. */
  printed(text: string): Promise<void>;
  /** What it has printed so far. */
  stdout(): string;
  /** Signals the program and its children, as a terminal does with Ctrl-C. */
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Starts a program with the variables of this process and those given. */
export function startProgram(
  command: readonly string[],
  { env = {}, cwd = projectRoot }: ProgramOptions = {},
): RunningProgram {
  const [program = '', ...args] = command;
  // The flags of the test run are not the program's.
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      text[stream] += chunk;
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve({ code, ...text }));
  });
  return {
    pid: child.pid ?? -1,
    ended,
    stdout: () => text.stdout,
    kill(signal) {
      // Nothing to end once the program itself has: its group may be another's by then.
      if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0), signal);
    },
    printed: (wanted) =>
      new Promise((resolve, reject) => {
        const look = () => text.stdout.includes(wanted) && resolve();
        child.stdout.on('data', look);
        ended.then(({ code, stderr }) => reject(new Error(`ended with ${code} before "${wanted}": ${stderr}`)), reject);
        look();
      }),
  };
}

/** Runs one of the project's own programs to its end, on the Node of this process. */
export const runNode = (program: string, args: readonly string[] = [], options: ProgramOptions = {}): Promise<Ended> =>
  startProgram(
    [process.execPath, '--disable-warning=ExperimentalWarning', join(projectRoot, program), ...args],
    options,
  ).ended;
