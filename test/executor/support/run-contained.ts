import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ContainedResult, ContainedWork } from './contained-bench.ts';

const program = join(import.meta.dirname, 'contained-bench.ts');

/**
 * Does this work in what looks to it like a container of its own: nothing else runs there, and its network is `before`'s to
 * arrange (shell text; without it there is not even a loopback). Needs root.
 */
export async function runContained(work: ContainedWork, before = ':'): Promise<ContainedResult> {
  const start = `${before}\n"$0" --disable-warning=ExperimentalWarning "$1"; exit`;
  const child = spawn(
    'unshare',
    [
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      '--net',
      'bash',
      '--norc',
      '-c',
      start,
      process.execPath,
      program,
    ],
    { env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', HIDDEN: 'in-the-environment' }, stdio: 'pipe' },
  );
  child.stdin.end(JSON.stringify(work));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (stdout === '') throw new Error(`the program in the container said nothing: ${stderr}`);
  return JSON.parse(stdout) as ContainedResult;
}
