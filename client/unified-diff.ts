import type { BytePath } from '../workspace/byte-path.ts';
import { type ChangedLines, changedLines } from './changed-lines.ts';
import { quotePath } from './quote-path.ts';

const contextLines = 3;

/**
 * How one text became another, in the unified format that `patch` and `git apply` read. Null is a file that is not there.
 * Empty where the texts are the same.
 */
export function unifiedDiff(path: BytePath, before: string | null, after: string | null): string {
  const [left, right] = [linesOf(before ?? ''), linesOf(after ?? '')];
  const changes = changedLines(left, right);
  if (changes.length === 0) return '';
  const name = (side: string, text: string | null) => (text === null ? '/dev/null' : nameLine(`${side}/${path}`));
  const hunks = groupChanges(changes).map((group) => renderHunk(group, left, right));
  return `--- ${name('a', before)}\n+++ ${name('b', after)}\n${hunks.join('')}`;
}

/** With their ends, so that a last line without one is another line. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** With a blank in it a name ends at a tab, without which `patch` takes what follows the blank for a time. */
const nameLine = (path: BytePath): string => `${quotePath(path)}${path.includes(' ') ? '\t' : ''}`;

type Group = readonly [ChangedLines, ...ChangedLines[]];

/** Changes whose context would touch share a hunk. */
function groupChanges(changes: readonly ChangedLines[]): Group[] {
  const groups: [ChangedLines, ...ChangedLines[]][] = [];
  for (const change of changes) {
    const group = groups.at(-1);
    const distance = change.before[0] - (group?.at(-1)?.before[1] ?? Number.NEGATIVE_INFINITY);
    if (group !== undefined && distance <= 2 * contextLines) group.push(change);
    else groups.push([change]);
  }
  return groups;
}

function renderHunk(group: Group, before: readonly string[], after: readonly string[]): string {
  const [first, last] = [group[0], group.at(-1) ?? group[0]];
  const lead = Math.min(contextLines, first.before[0]);
  const trail = Math.min(contextLines, before.length - last.before[1]);
  const lines: string[] = [];
  let at = first.before[0] - lead;
  for (const change of group) {
    lines.push(...marked(' ', before.slice(at, change.before[0])));
    lines.push(...marked('-', before.slice(...change.before)), ...marked('+', after.slice(...change.after)));
    at = change.before[1];
  }
  lines.push(...marked(' ', before.slice(at, at + trail)));
  const left = range(first.before[0] - lead, last.before[1] + trail);
  const right = range(first.after[0] - lead, last.after[1] + trail);
  return `@@ -${left} +${right} @@\n${lines.join('')}`;
}

/** Lines count from 1; of no lines the one before them is named. */
const range = (start: number, end: number): string => `${end > start ? start + 1 : start},${end - start}`;

const marked = (mark: string, lines: readonly string[]): string[] =>
  lines.map((line) => `${mark}${line}${line.endsWith('\n') ? '' : '\n\\ No newline at end of file\n'}`);
