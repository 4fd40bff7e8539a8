import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot, type RunningProgram, startProgram } from '../support/run-program.ts';

/*
 * Runs the README's commands in its order, in a copy of the checkout, with a stack that its own `npm start` started.
 * What the README shows after a command must be printed, where `…` is any number, but for lines with other digits: those are of
 * ids and times, which differ each time. Of what the start shows every line counts.
 */

interface Step {
  readonly command: string;
  readonly shown: readonly string[];
}

const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, kind = '', text = '']) => ({ kind, text }));
const steps: Step[] = blocks.flatMap(({ kind, text }, index) => {
  const next = blocks[index + 1];
  const shown = next?.kind === 'text' ? next.text.split('\n').filter((line) => line !== '') : [];
  return kind === 'sh' ? [{ command: text.trim(), shown }] : [];
});
const start = steps[0];
/** These run the tests that this is one of. */
const ofDevelopers = ['npm test', 'npm run check', 'npm run generate'];
const commands = steps.slice(1).filter(({ command }) => !ofDevelopers.includes(command));

const hasOwnDigits = (line: string) => /\d/.test(line) && !line.includes('…');
const escaped = (text: string) => text.replaceAll(/[^\w\s]/g, '\\$&');
const isPrinted = (line: string, printed: readonly string[]) => {
  const pattern = new RegExp(`^${line.split('…').map(escaped).join('\\d+')}$`);
  return printed.some((one) => pattern.test(one));
};

let copy: string;
let running: RunningProgram;

const notCopied = ['node_modules', '.git', '.sandbus', 'coverage'];

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'sandbus-readme-'));
  cpSync(projectRoot, copy, { recursive: true, filter: (path) => !notCopied.includes(basename(path)) });
  symlinkSync(join(projectRoot, 'node_modules'), join(copy, 'node_modules'));
  running = startProgram(['bash', '-c', start?.command ?? ''], { cwd: copy });
  await running.printed('Ctrl-C stops everything');
}, 120_000);
afterAll(async () => {
  running.kill('SIGINT');
  await running.ended;
  rmSync(copy, { recursive: true });
}, 120_000);

describe('the README', () => {
  it('begins with one command that starts everything and prints what is shown', () => {
    expect([start?.command, commands.length > 5]).toEqual(['npm start', true]);
    const printed = running.stdout().split('\n');
    expect(start?.shown.filter((line) => !isPrinted(line, printed))).toEqual([]);
  });

  it('names for developers what the project has', () => {
    const developers = steps.map(({ command }) => command).filter((command) => ofDevelopers.includes(command));
    expect(developers).toEqual(ofDevelopers);
  });

  it.each(commands)('has a command that works and prints what is shown: $command', ({ command, shown }) => {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: copy, encoding: 'utf8' });
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
    const printed = stdout.split('\n');
    expect(shown.filter((line) => !hasOwnDigits(line) && !isPrinted(line, printed))).toEqual([]);
  }, 120_000);
});
