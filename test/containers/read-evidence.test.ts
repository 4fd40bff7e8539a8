import { describe, expect, it } from '@jest/globals';
import { readInspected } from '../../containers/read-evidence.ts';

const evidenceOf = (State: object) => readInspected(JSON.stringify([{ Name: '/x', State }]))[0]?.evidence;
const ended = { kind: 'ended', exitCode: null, signal: null, message: '' };

describe('what an engine knows of a container', () => {
  it.each(['running', 'paused', 'restarting', 'stopping', 'removing'])('while it is %s: it runs', (Status) => {
    expect(evidenceOf({ Status, ExitCode: 0 })).toEqual({ kind: 'running' });
  });

  it.each(['created', 'configured', 'initialized'])('while it is %s: it waits', (Status) => {
    expect(evidenceOf({ Status, ExitCode: 0, Error: '' })).toEqual({
      kind: 'waiting',
      message: `the container is ${Status}`,
    });
  });

  it.each([
    ['code 0', { ExitCode: 0 }, { cause: 'exited', exitCode: 0 }],
    ['code 1', { ExitCode: 1 }, { cause: 'exited', exitCode: 1 }],
    ['code 128, which no signal has', { ExitCode: 128 }, { cause: 'exited', exitCode: 128 }],
    ['SIGTERM', { ExitCode: 143 }, { cause: 'signaled', signal: 15 }],
    ['SIGKILL', { ExitCode: 137 }, { cause: 'signaled', signal: 9 }],
    [
      'SIGKILL for its memory',
      { ExitCode: 137, OOMKilled: true },
      { cause: 'signaled', signal: 9, message: 'The container was killed because it passed its memory limit' },
    ],
    [
      'code 0 although a command of it was killed for memory',
      { ExitCode: 0, OOMKilled: true },
      { cause: 'exited', exitCode: 0 },
    ],
    [
      'no program',
      { ExitCode: 127, Error: 'no such file' },
      { cause: 'not-started', exitCode: 127, message: 'no such file' },
    ],
  ])('after %s: how it ended', (_how, state, evidence) => {
    expect(evidenceOf({ Status: 'exited', ...state })).toEqual({ ...ended, ...evidence });
  });

  it('when it could not be started: so, with the reason', () => {
    const state = { Status: 'created', ExitCode: 127, Error: 'exec: no such file' };
    expect(evidenceOf(state)).toEqual({ ...ended, cause: 'not-started', message: 'exec: no such file' });
  });

  it('is read with its name and its times, and one that never ended has no end', () => {
    const Created = '2026-01-01T00:00:00.5Z';
    const text = JSON.stringify([
      { Name: '/a', Created, State: { Status: 'exited', FinishedAt: '2026-01-01T00:01:00Z' } },
      { Name: 'b', Created, State: { Status: 'running', FinishedAt: '0001-01-01T00:00:00Z' } },
    ]);
    const createdAt = Date.parse(Created);
    expect(readInspected(text)).toMatchObject([
      { name: 'a', createdAt, endedAt: Date.parse('2026-01-01T00:01:00Z') },
      { name: 'b', createdAt, endedAt: null },
    ]);
  });

  it('is nothing where the engine says nothing that can be read', () => {
    expect(() => readInspected('oops')).toThrow();
    expect(readInspected('[]')).toEqual([]);
  });
});
