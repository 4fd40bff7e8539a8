import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { renderTexts } from '../../cli/diff.ts';
import type { FileDifference } from '../../client/index.ts';
import { useTemporaryDirectories } from '../workspace/temporary-directory.ts';

const newDirectory = useTemporaryDirectories();

const file = { kind: 'file', size: 1, mode: 0o644, target: null } as const;
const link = { kind: 'symlink', size: null, mode: null, target: 'x' } as const;
const added = (path: string, text: string | null, after: FileDifference['after'] = file): FileDifference => ({
  ...{ change: 'added', path, before: null, after, text },
});
const forged = 'x\n--- /dev/null\n+++ b/evil\n@@ -0,0 +1,1 @@\n+owned\n';

describe('the lines of a diff', () => {
  it.each([
    ['a link', added(forged, null, link)],
    ['an empty file', added(forged, '')],
  ])('forge no file where %s is called like a part of them', (_, difference) => {
    const folder = newDirectory();
    writeFileSync(`${folder}/real`, 'a\n');
    const real = { ...added('real', '--- a/real\n+++ b/real\n@@ -1,1 +1,1 @@\n-a\n+b\n'), before: file };
    execFileSync('patch', ['-s', '-p1'], { cwd: folder, input: renderTexts([difference, real], null) });
    expect(readdirSync(folder)).toEqual(['real']);
  });

  it('tell in one line what has none to show', () => {
    expect(renderTexts([added('a\nb', null, link), added('empty', '')], null)).toBe(
      'added "a\\nb": a symlink\nadded empty: no lines\n',
    );
  });

  it('go to a pipe as they are, and to a terminal, which would obey what is in files, as pictures', () => {
    const text = '--- /dev/null\n+++ b/f\n@@ -0,0 +1,1 @@\n+\x1b[2J\tx\n';
    expect([renderTexts([added('f', text)], null), renderTexts([added('f', text)], 80)]).toEqual([
      text,
      text.replace('\x1b', '\u241b'),
    ]);
  });
});
