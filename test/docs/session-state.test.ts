import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createShellSession, type ShellSession } from '../executor/support/shell-session.ts';
import { projectRoot } from '../support/run-program.ts';

/* The commands in the tables of docs/session-state.md, and what they print. */

const page = readFileSync(join(projectRoot, 'docs/session-state.md'), 'utf8');
const codeIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replaceAll('\\|', '|'));

const rows = page
  .split('\n')
  .filter((line) => /^\| .* \|$/.test(line))
  .map((line) => line.split(/(?<!\\)\|/).slice(1, -1))
  .map(([what = '', first = '', next = '', prints = '']) => ({
    what: what.trim(),
    first: codeIn(first)[0] ?? '',
    next: codeIn(next)[0] ?? '',
    prints: codeIn(prints)
      .map((line) => `${line}\n`)
      .join(''),
  }))
  .filter(({ first }) => first !== '');

let session: ShellSession;
beforeEach(() => {
  session = createShellSession();
});
afterEach(() => session.close());

describe('the page on what a session keeps', () => {
  it('has rows with commands', () => {
    expect(rows.length).toBeGreaterThan(20);
  });

  it.each(rows)('is true: $what', async ({ first, next, prints }) => {
    await session.run(first);
    expect((await session.run(next)).stdout).toBe(prints);
  });
});
