import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../support/run-program.ts';

export interface MortalOptions {
  readonly name: string;
  /** Arguments of Node. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What it prints when it is up. */
  readonly upWhen: string;
  /** Gets all that it prints. */
  readonly logFile: string;
}

/** A program that is started again whenever it ends, until it is closed. */
export interface MortalProcess {
  readonly name: string;
  /** Resolves when the present life is up; a life that ends before is followed by another. */
  up(): Promise<void>;
  /** `kill -9`. False when it does not live at the moment. */
  kill(): boolean;
  /** How often it ended without having been killed. */
  readonly ownEnds: number;
  /** Ends it for good, its children with it. */
  close(): Promise<void>;
}

const restartMs = 200;

export function startMortalProcess({ name, args, env, upWhen, logFile }: MortalOptions): MortalProcess {
  let child: ChildProcess | null = null;
  let up = Promise.withResolvers<void>();
  let wasKilled = false;
  let isClosing = false;
  let ownEnds = 0;
  let restart: NodeJS.Timeout | undefined;
  const start = () => {
    wasKilled = false;
    const life = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
      cwd: projectRoot,
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        NODE_COMPILE_CACHE: join(projectRoot, 'node_modules/.cache/compile'),
        ...env,
      },
      // Some of the programs end when their standard input does: none outlives this process unseen.
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child = life;
    let printed = '';
    const onPrinted = (chunk: Buffer) => {
      appendFileSync(logFile, chunk);
      if (printed.length < 100_000) printed += chunk;
      if (printed.includes(upWhen)) up.resolve();
    };
    life.stdout.on('data', onPrinted);
    life.stderr.on('data', onPrinted);
    life.once('exit', (code, signal) => {
      appendFileSync(logFile, `-- ended: ${code ?? signal}\n`);
      child = null;
      if (isClosing) return;
      if (!wasKilled) ownEnds += 1;
      up.promise.catch(() => {});
      up = Promise.withResolvers<void>();
      restart = setTimeout(start, restartMs);
    });
  };
  start();
  const killOnExit = () => void child?.kill('SIGKILL');
  process.once('exit', killOnExit);
  return {
    name,
    get ownEnds() {
      return ownEnds;
    },
    async up() {
      for (let seen = up; ; seen = up) {
        await seen.promise;
        if (seen === up) return;
      }
    },
    kill() {
      if (child === null) return false;
      wasKilled = true;
      return child.kill('SIGKILL');
    },
    async close() {
      isClosing = true;
      process.off('exit', killOnExit);
      clearTimeout(restart);
      if (child === null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
