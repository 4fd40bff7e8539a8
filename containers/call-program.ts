import { spawn } from 'node:child_process';
import { resolve as resolvePath } from 'node:path';
import process from 'node:process';
import type { ContainersConfig } from './config.ts';
import { containerError } from './container-errors.ts';

export interface ProgramCall {
  readonly args: readonly string[];
  /** Variables that the call may pass on by name, so that no value stands in its arguments. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the program is started; the directory of this process when it is not said. */
  readonly cwd?: string;
  readonly patienceMs: number;
}

/** More than the description of a thousand containers; what is longer is cut off. */
const maxOutput = 16 * 1024 * 1024;

/** What docker and podman read themselves: where their daemon, their store and their settings are. */
const ownVariables =
  /^(?:PATH|HOME|USER|LANG|TMPDIR|XDG_.+|DOCKER_.+|CONTAINER_.+|CONTAINERS_.+|REGISTRY_.+|SSL_CERT_.+)$/;

/**
 * Calls docker or podman and resolves with its standard output. Rejects with `container/…`, which says what the failure
 * means. A call that takes too long is killed: nobody knows then whether it took effect.
 */
export async function callProgram(
  { program, options }: Pick<ContainersConfig, 'program' | 'options'>,
  { args, env = {}, cwd, patienceMs }: ProgramCall,
): Promise<string> {
  const own = Object.entries(process.env).filter(([name]) => ownVariables.test(name));
  const what = `${program} ${args[0]}`;
  return await new Promise((resolve, reject) => {
    // A relative path is meant from here.
    const file = program.includes('/') ? resolvePath(program) : program;
    const child = spawn(file, [...options, ...args], {
      ...(cwd !== undefined && { cwd }),
      env: { ...Object.fromEntries(own), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, patienceMs);
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const kind = error.code === 'ENOENT' ? 'program-missing' : 'failed';
      reject(containerError(kind, `${what}: ${error.message}`, error));
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      if (code === 0) return resolve(stdout());
      const said = stderr().trim() || `it ended with ${code}`;
      if (isLate) return reject(containerError('unreachable', `${what} did not end within ${patienceMs} ms: ${said}`));
      reject(containerError(said, `${what}: ${said}`));
    });
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let length = 0;
  stream.on('data', (chunk: Buffer) => {
    if (length < maxOutput) chunks.push(chunk);
    length += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
