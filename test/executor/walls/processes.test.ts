import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { livingDescendants, readInherited, readOnlyChild } from '../../../executor/walls/processes.ts';
import { until } from '../../support/until.ts';

const started: ChildProcess[] = [];
afterEach(async () => {
  for (const child of started.splice(0)) {
    for (const { pid } of livingDescendants(child.pid ?? 0)) process.kill(pid, 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'close');
  }
});

/** A shell that has started this many children, which wait. */
async function shellWith(children: number): Promise<number> {
  const child = spawn('bash', ['-c', `for ((i = 0; i < ${children}; i++)); do sleep 77 & done; echo on; read`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  started.push(child);
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}

describe('the only child of a process', () => {
  it('is found', async () => {
    const shell = await shellWith(1);
    expect(readOnlyChild(shell)).toBe(livingDescendants(shell)[0]?.pid);
  });

  it.each([0, 2])('is none where there are %d', async (count) => {
    expect(readOnlyChild(await shellWith(count))).toBeNull();
  });
});

describe('what a process hands down', () => {
  it('stays the same while nobody changes it', async () => {
    const shell = await shellWith(0);
    expect(readInherited(shell)).toBe(readInherited(shell));
  });

  it.each([
    ['a limit', ['prlimit', '--nofile=32:32', '--pid']],
    ['its niceness', ['renice', '-n', '3', '-p']],
    ['its scheduling', ['chrt', '--idle', '--pid', '0']],
    ['its processors', ['taskset', '--pid', '1']],
  ])('differs after a change of %s', async (_title, [file = '', ...args]) => {
    const shell = await shellWith(0);
    const before = readInherited(shell);
    const change = spawn(file, [...args, `${shell}`], { stdio: 'ignore' });
    await once(change, 'close');
    await until('the change', () => (readInherited(shell) === before ? null : true));
    expect(readInherited(shell)).not.toBe(before);
  });
});
