import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createShellSession, type ShellSession } from '../support/shell-session.ts';
import { readTrickyCommands } from './tricky-command.ts';

const commands = readTrickyCommands();
const sessions: ShellSession[] = [];
let session: ShellSession;

beforeEach(async () => {
  session = createShellSession();
  sessions.push(session);
  await session.run('export KEEP=1; cd /usr/share');
});
afterAll(() => {
  for (const one of sessions) one.close();
});

const latin1 = (text: string) => Buffer.from(text).toString('latin1');

describe('the list of tricky commands', () => {
  it('is long, and names each once', () => {
    expect(commands.length).toBeGreaterThan(128);
    expect(new Set(commands.map(({ title }) => title)).size).toBe(commands.length);
  });
});

describe('after a tricky command the session keeps', () => {
  it.each(commands.filter(({ nothing }) => nothing === undefined))('$title', async ({ first, next, stdout }) => {
    const { left } = await session.run(first);
    const then = await session.run(next);
    expect({ captured: left !== null, stdout: then.stdout }).toEqual({ captured: true, stdout: latin1(stdout) });
  });
});

describe('a shell that cannot say what it left', () => {
  it.each(commands.filter(({ nothing }) => nothing === true))('$title', async ({ first, next, stdout }) => {
    const { left, signal } = await session.run(first);
    const then = await session.run(`${next}; echo $KEEP`);
    expect({ left, signal, stdout: then.stdout }).toEqual({
      left: null,
      signal: null,
      stdout: `${stdout}1\n`,
    });
  });
});
