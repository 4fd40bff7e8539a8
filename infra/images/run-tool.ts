import { spawn } from 'node:child_process';
import process from 'node:process';

export interface ToolCall {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end and resolves with its standard output; rejects with what it wrote when it fails. */
export async function runTool(program: string, args: readonly string[], call: ToolCall = {}): Promise<string> {
  const { cwd, env = {} } = call;
  return await new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...(cwd !== undefined && { cwd }),
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stdout: string[] = [];
    const all: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout.push(text);
      all.push(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => void all.push(text));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(stdout.join(''));
      const said = all.join('').trim().split('\n').slice(-20).join('\n');
      reject(new Error(`${program} ${args.slice(0, 3).join(' ')} … ended with ${code ?? signal}:\n${said}`));
    });
  });
}
