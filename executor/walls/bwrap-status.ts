import { readFileSync, readlinkSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { PipelineError } from '../../execution/pipeline-error.ts';

export interface Sandbox {
  /** The first process of the sandbox's pid namespace, as the host numbers it. */
  readonly pid: number;
  readonly namespaces: Readonly<Record<string, number>>;
}

/** What bwrap tells over its status pipe: one JSON object a line, first the sandbox, at the end an exit code. */
interface StatusLine {
  readonly 'child-pid'?: number;
  readonly 'exit-code'?: number;
  readonly [namespace: `${string}-namespace`]: number;
}

/** Resolves with the sandbox once it is there, and with null when bwrap ends without one. */
export function readSandbox(pipe: Duplex): Promise<Sandbox | null> {
  const sandbox = Promise.withResolvers<Sandbox | null>();
  let text = '';
  pipe.setEncoding('utf8');
  pipe.on('error', () => sandbox.resolve(null));
  pipe.on('close', () => sandbox.resolve(null));
  pipe.on('data', (chunk: string) => {
    const lines = (text + chunk).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines.filter((one) => one.trim() !== '')) {
      const { 'child-pid': pid, 'exit-code': _code, ...namespaces } = JSON.parse(line) as StatusLine;
      if (pid !== undefined) sandbox.resolve({ pid, namespaces });
    }
  });
  return sandbox.promise;
}

const required = ['ipc', 'mnt', 'net', 'pid', 'uts'];

/** Costs nothing and holds for this very wall: a namespace that is the executor's own would be a hole in it. */
export function assertSeparated(namespaces: Readonly<Record<string, number>>): void {
  for (const name of required) {
    const own = Number(/\d+/.exec(readlinkSync(`/proc/self/ns/${name}`))?.[0]);
    const its = namespaces[`${name}-namespace`];
    if (its === undefined || its === own) {
      throw new PipelineError('wall/unavailable', `the command would share the executor's ${name} namespace`);
    }
  }
}

/** What the first process has is handed down: nobody behind the wall can take a filter off (seccomp(2)). */
export function assertFiltered(pid: number): void {
  const mode = /^Seccomp:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (mode !== '2') {
    throw new PipelineError('wall/unavailable', `the command would run without a system call filter: Seccomp ${mode}`);
  }
}
