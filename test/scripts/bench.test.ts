import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const names = readdirSync(join(root, 'bench')).flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -3)] : []));
const bench = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(root, 'scripts/bench.ts'), ...args], { encoding: 'utf8' });

describe('the command that runs benchmarks', () => {
  it.each([
    ['no name', [], 'which benchmark?'],
    ['a name that none has', ['../local/main'], 'no benchmark is called ../local/main.'],
  ])('refuses %s and tells which there are', (_, args, problem) => {
    const { status, stderr } = bench(...args);
    expect([status, stderr]).toEqual([2, `${problem} There are: ${names.join(', ')}\n`]);
  });

  it('hands arguments on, and gives the exit code back', () => {
    const { status, stderr } = bench('checkpoint', '--no-such-option');
    expect([status, stderr]).toEqual([1, expect.stringContaining("Unknown option '--no-such-option'")]);
  });
});

describe('bench/README.md', () => {
  const listed = [...readFileSync(join(root, 'bench/README.md'), 'utf8').matchAll(/^\| `([a-z-]+)` \|/gm)];

  it('has a row for each benchmark', () => {
    expect(listed.map(([, name]) => name).sort()).toEqual([...names].sort());
  });
});
