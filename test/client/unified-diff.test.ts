import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changedLines } from '../../client/changed-lines.ts';
import { unifiedDiff } from '../../client/unified-diff.ts';
import { useTemporaryDirectories } from '../workspace/temporary-directory.ts';

const newDirectory = useTemporaryDirectories();

const lines = (...all: readonly string[]) => all.map((line) => `${line}\n`).join('');
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

describe('the lines in which two texts differ', () => {
  it.each<[what: string, before: string | null, after: string | null, diff: string]>([
    ['nothing, where they are the same', 'a\n', 'a\n', ''],
    [
      'a line that was changed, with three around it',
      lines(...numbers(1, 9)),
      lines(...numbers(1, 4), 'five', ...numbers(6, 9)),
      '--- a/file\n+++ b/file\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n',
    ],
    [
      'changes far from each other in two parts',
      lines('x', ...numbers(1, 20)),
      lines(...numbers(1, 20), 'y'),
      '--- a/file\n+++ b/file\n@@ -1,4 +1,3 @@\n-x\n 1\n 2\n 3\n@@ -19,3 +18,4 @@\n 18\n 19\n 20\n+y\n',
    ],
    ['a new file', null, 'a\nb\n', '--- /dev/null\n+++ b/file\n@@ -0,0 +1,2 @@\n+a\n+b\n'],
    ['a file that is gone', 'a\n', null, '--- a/file\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a\n'],
    [
      'an end of the last line',
      'a\nb',
      'a\nb\n',
      '--- a/file\n+++ b/file\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n',
    ],
  ])('are %s', (_, before, after, diff) => {
    expect(unifiedDiff('file', before, after)).toBe(diff);
  });

  const names = ['plain', 'with blank', 'a\nb', '"quoted" \\ back', 'bell\x07 esc\x1b[1m', 'ä€', '\xff', 'tab\tend '];

  it.each(names)('are read by patch and by git with the name of the file, also %j', (name) => {
    const path = Buffer.from(name, name === '\xff' ? 'latin1' : 'utf8').toString('latin1');
    for (const command of ['patch -s -p1', 'git apply']) {
      const folder = newDirectory();
      const at = (directory: string) => Buffer.from(`${directory}/${path}`, 'latin1');
      writeFileSync(at(folder), 'old\n');
      const run = (diff: string) => execFileSync('sh', ['-c', command], { cwd: folder, input: diff, encoding: 'utf8' });
      run(unifiedDiff(path, 'old\n', 'new\n'));
      expect(readFileSync(at(folder), 'utf8')).toBe('new\n');
      run(unifiedDiff(path, 'new\n', null));
      expect(readdirSync(folder)).toEqual([]);
      run(unifiedDiff(path, null, 'made\n'));
      expect(readdirSync(folder, { encoding: 'latin1' })).toEqual([path]);
    }
  });

  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 40 }).map((all) => all.join('\n'));

  it('make the one text of the other, wherever they differ', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(apply(before, unifiedDiff('file', before, after))).toBe(after);
      }),
    );
  });

  it('are as few as can be', () => {
    const few = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 25 });
    fc.assert(
      fc.property(few, few, (before, after) => {
        const edits = changedLines(before, after).reduce(
          (sum, change) => sum + change.before[1] - change.before[0] + change.after[1] - change.after[0],
          0,
        );
        expect(edits).toBe(before.length + after.length - 2 * longestCommon(before, after));
      }),
    );
  });

  it('are one change where the texts have hardly a line in common', () => {
    const [before, after] = [numbers(1, 5000), numbers(10_001, 15_000)];
    const shared = (all: readonly string[]) => all.flatMap((line, i) => (i % 100 === 0 ? [line, 'shared'] : [line]));
    expect(changedLines(shared(before), shared(after))).toEqual([{ before: [0, 5050], after: [0, 5050] }]);
  });
});

/** What `patch` does with the hunks of one file, strictly: what is to be removed or kept must stand where they say. */
function apply(before: string, diff: string): string {
  const left = linesOf(before);
  const made: string[] = [];
  let at = 0;
  const [, , ...body] = linesOf(diff.replaceAll('\n\\ No newline at end of file\n', '\0\n'));
  for (const line of body) {
    const text = line.slice(1).replace('\0\n', '');
    const hunk = /^@@ -(\d+),(\d+) /.exec(line);
    if (hunk !== null) {
      const start = Number(hunk[1]) - (hunk[2] === '0' ? 0 : 1);
      made.push(...left.slice(at, start));
      at = start;
    } else if (line.startsWith('+')) {
      made.push(text);
    } else {
      if (left[at] !== text) throw new Error(`${JSON.stringify(text)} does not stand at line ${at + 1}`);
      if (line.startsWith(' ')) made.push(text);
      at += 1;
    }
  }
  return [...made, ...left.slice(at)].join('');
}

const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function longestCommon(a: readonly string[], b: readonly string[]): number {
  let above = new Array<number>(b.length + 1).fill(0);
  for (const line of a) {
    const row = [0];
    b.forEach((other, j) => {
      row.push(line === other ? (above[j] ?? 0) + 1 : Math.max(row[j] ?? 0, above[j + 1] ?? 0));
    });
    above = row;
  }
  return above[b.length] ?? 0;
}
