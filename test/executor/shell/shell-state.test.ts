import { describe, expect, it } from '@jest/globals';
import { envDelta } from '../../../executor/shell/env-delta.ts';
import {
  decodeShellState,
  encodeShellState,
  nextShellState,
  type ShellState,
  stateForStore,
  stateForWall,
} from '../../../executor/shell/shell-state.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const aState = (changes: Partial<ShellState> = {}): ShellState => ({
  cwd: bytes('/workspace/\xff'),
  oldpwd: bytes(''),
  umask: '0022',
  options: 'braceexpand',
  env: new Map([['X', bytes('\xff\n')]]),
  definitions: bytes('f() { :; }\n'),
  ...changes,
});

describe('a stored shell state', () => {
  it('comes back byte for byte', () => {
    expect(decodeShellState(encodeShellState(aState()))).toEqual(aState());
  });

  it('is the same object whenever it is the same state', () => {
    expect(encodeShellState(aState())).toEqual(encodeShellState(aState()));
  });

  it.each([
    ['is no JSON', 'x'],
    ['is of another version', '{"version":2,"env":[]}'],
    ['lacks a field', '{"version":1,"env":[],"cwd":"Lw=="}'],
    ['is a list', '[]'],
  ])('is refused as corrupt when it %s', (_title, text) => {
    expect(() => decodeShellState(Buffer.from(text))).toThrow('[workspace/corrupt]');
  });
});

describe('a state under a wall that calls the workspace something else', () => {
  it.each([
    ['/workspace', '/tmp/ws'],
    ['/workspace/a', '/tmp/ws/a'],
    ['/workspaces', '/workspaces'],
    ['/usr', '/usr'],
  ])('has %s as %s, and back', (stored, inWall) => {
    const there = stateForWall(aState({ cwd: bytes(stored), oldpwd: bytes(stored) }), '/tmp/ws');
    expect([there.cwd.toString(), there.oldpwd.toString()]).toEqual([inWall, inWall]);
    expect(stateForStore(there, '/tmp/ws').cwd.toString()).toBe(stored);
  });
});

describe('the state after a command', () => {
  const start = { home: '/workspace', env: new Map([['A', bytes('start')]]) };
  const left = {
    status: 0,
    cwd: bytes('/tmp'),
    started: bytes('/tmp'),
    oldpwd: bytes('/'),
    umask: '0077',
    options: '',
    env: new Map([['B', bytes('2')]]),
    definitions: bytes('x'),
  };

  it('is in the home of a new session when the request gave the directory', () => {
    const next = nextShellState(left, null, { envNames: new Set(), hasCwd: true }, start);
    expect([next.cwd.toString(), next.oldpwd.toString()]).toEqual(['/workspace', '']);
  });

  it('has the value that every session starts with where a new one was given another', () => {
    const next = nextShellState(left, null, { envNames: new Set(['A']), hasCwd: false }, start);
    expect(next.env.get('A')?.toString()).toBe('start');
  });

  it('has the old value of a variable that the request gave, in the order of names', () => {
    const before = aState({ env: new Map([['A', bytes('old')]]) });
    const next = nextShellState(left, before, { envNames: new Set(['A', 'C']), hasCwd: false }, start);
    expect([...next.env].map(([name, value]) => [name, value.toString()])).toEqual([
      ['A', 'old'],
      ['B', '2'],
    ]);
  });
});

describe('the environment that an event tells of', () => {
  const env = (entries: Record<string, string>) =>
    new Map(Object.entries(entries).map(([name, value]) => [name, bytes(value)]));

  it('has what was set, changed and removed, and nothing that stayed', () => {
    const delta = envDelta(env({ SAME: '1', CHANGED: '1', GONE: '1' }), env({ SAME: '1', CHANGED: '2', NEW: '3' }));
    expect(delta).toEqual({
      delta: { set: { CHANGED: '2', NEW: '3' }, removed: ['GONE'], added: ['NEW'] },
      omitted: 0,
    });
  });

  it('shows bytes that are not UTF-8 as U+FFFD', () => {
    expect(envDelta(env({}), env({ X: 'a\xff' })).delta.set).toEqual({ X: 'a\uFFFD' });
  });

  it.each([
    'API_TOKEN',
    'MY_SECRET',
    'db_password',
    'SSH_KEY',
    'AWS_CREDENTIALS',
    'PGPASSWORD',
  ])('masks the value of %s', (name) => {
    expect(envDelta(env({}), env({ [name]: 'x' })).delta.set).toEqual({ [name]: '***' });
  });

  it.each([
    [2048, 'x'.repeat(2048)],
    [2049, `${'x'.repeat(2048)}…`],
  ])('shows of a value of %d characters at most 2048', (length, shown) => {
    expect(envDelta(env({}), env({ X: 'x'.repeat(length) })).delta.set).toEqual({ X: shown });
  });

  it('has room for 32768 characters in all, and says how many variables are left out', () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`V${index + 10}`, 'x'.repeat(1021)]));
    const { delta, omitted } = envDelta(env({}), env(many));
    expect([Object.keys(delta.set).length, omitted]).toEqual([32, 8]);
  });
});
