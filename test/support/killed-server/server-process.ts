import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ServerName } from '../../../local/servers.ts';
import { projectRoot } from '../run-program.ts';

/** A process with servers on a data folder, where `Where` tells how to reach them. */
export interface ServerProcess<Where> {
  /** Resolves when nothing but the servers' own start is left to do; rejects when the process ends before. */
  readonly starting: Promise<unknown>;
  /** Resolves when they listen; rejects when the process ends before. */
  readonly listening: Promise<Where>;
  /** Ends this process with SIGKILL, and none of those that it started. */
  kill(): void;
  /** Resolves when the process is gone; rejects when it ended otherwise than by `kill`. */
  readonly gone: Promise<void>;
}

/** Starts one server on `<folder>/data`. */
export function startServerProcess(server: ServerName, folder: string): ServerProcess<number> {
  const { line, ...running } = startProcess([join(import.meta.dirname, 'serve.ts'), server, folder]);
  const listening = line('{').then((text) => (JSON.parse(text) as { readonly port: number }).port);
  return { ...running, starting: line('starting'), listening };
}

/** Starts all servers in one process, as the user does. Gives the variables that lead to them. */
export function startUpProcess(folder: string): ServerProcess<Readonly<Record<string, string>>> {
  const args = [join(projectRoot, 'cli/main.ts'), 'up', '--json', '--data', join(folder, 'data')];
  const { line, ...running } = startProcess(args, { TMPDIR: join(folder, 'scratch') });
  const listening = line('{').then((text) => (JSON.parse(text) as { readonly env: Record<string, string> }).env);
  return { ...running, starting: Promise.resolve(), listening };
}

function startProcess(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, ['--no-warnings', ...args], {
    // The flags of the test run are not the program's.
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      NODE_COMPILE_CACHE: join(projectRoot, 'node_modules/.cache/compile'),
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaints += chunk;
  });
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout }).on('line', (text) => lines.push(text));
  const closed = once(child, 'close');
  const line = async (start: string): Promise<string> => {
    const find = () => lines.find((text) => text.startsWith(start));
    for (let found = find(); ; found = find()) {
      if (found !== undefined) return found;
      const isClosed = await Promise.race([once(output, 'line').then(() => false), closed.then(() => true)]);
      if (isClosed) throw new Error(`the process ended before it wrote "${start}": ${complaints}`);
    }
  };
  const gone = closed.then(([code, signal]) => {
    if (signal !== 'SIGKILL') throw new Error(`the process ended by itself (${code ?? signal}): ${complaints}`);
  });
  // Whoever waits for a line learns of an early end by it.
  gone.catch(() => {});
  return { line, gone, kill: () => void child.kill('SIGKILL') };
}
