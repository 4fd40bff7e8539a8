import { closeSync, readSync } from 'node:fs';
import { type IgnoreRules, ignoreFile, maxIgnoreBytes, parseIgnoreRules } from './ignore-rules.ts';
import { openFoundFile } from './read-content.ts';
import type { SkippedList } from './skipped-list.ts';

/** The rules in the root of a workspace; null where there are none. What is wrong with the file is told. */
export function readIgnoreRules(root: string, skipped: SkippedList): IgnoreRules | null {
  const opened = openFoundFile(`${root}/${ignoreFile}`);
  if (opened.kind === 'vanished') return null;
  if (opened.kind === 'refused') {
    skipped.add(ignoreFile, 'it is no file that can be read, so nothing is left out');
    return null;
  }
  try {
    const bytes = Buffer.alloc(Math.min(maxIgnoreBytes, Number(opened.stat.size)));
    if (opened.stat.size > maxIgnoreBytes) skipped.add(ignoreFile, `only its first ${maxIgnoreBytes} bytes count`);
    const text = bytes.toString('latin1', 0, readSync(opened.fd, bytes, 0, bytes.length, 0));
    return parseIgnoreRules(text, { onProblem: (problem) => skipped.add(ignoreFile, problem) });
  } finally {
    closeSync(opened.fd);
  }
}
