import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';

export interface ToolEnd {
  /** null: there is no such program. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ToolOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What it reads; secrets go this way, as arguments can be seen by every user of a machine. */
  readonly stdin?: string;
  /** Called with what it writes, as it comes. */
  readonly onOutput?: (text: string) => void;
}

/** Runs one of the operator's programs: gcloud or Pulumi's command line. */
export type RunTool = (program: string, args: readonly string[], options?: ToolOptions) => Promise<ToolEnd>;

export const runTool: RunTool = (program, args, { env = {}, cwd, stdin = '', onOutput } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      // Pulumi runs the deployment program on the first `node` that it finds.
      env: { ...process.env, ...env, PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}` },
      ...(cwd !== undefined && { cwd }),
      stdio: 'pipe',
    });
    const text = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (piece: string) => {
        text[stream] += piece;
        onOutput?.(piece);
      });
    }
    child.stdin.on('error', () => {});
    child.stdin.end(stdin);
    child.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? resolve({ code: null, ...text }) : reject(error),
    );
    child.once('close', (code) => resolve({ code: code ?? 1, ...text }));
  });

/** Where the deployment program is. */
export const programFolder = join(import.meta.dirname, '../../infra/program');

const versionIn = (file: string, name: string): unknown => {
  try {
    const { version, dependencies } = JSON.parse(readFileSync(join(programFolder, file), 'utf8'));
    return version !== undefined && name === '' ? version : dependencies?.[name];
  } catch {
    return undefined;
  }
};

/** Whether the packages of the deployment program are not those that it names; nothing else needs their 110 MB. */
export const lacksPackages = (): boolean =>
  ['@pulumi/gcp', '@pulumi/pulumi'].some(
    (name) => versionIn(`node_modules/${name}/package.json`, '') !== versionIn('package.json', name),
  );
