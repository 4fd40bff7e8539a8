import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseShState } from '../../../executor/shell/sh-state.ts';
import { stateFileLimitBytes } from '../../../executor/shell/state-file.ts';

const fileOf = (exports: string, changes: Readonly<Record<string, string>> = {}): Buffer => {
  const fields = { magic: 'sandbus-sh-state 1', status: 'status=0', cwd: 'cwd=/w\n', started: 'started=/w' };
  const rest = { oldpwd: 'oldpwd=', umask: 'umask=0022\n', marker: 'exports', exports, end: 'end' };
  return Buffer.from(`${Object.values({ ...fields, ...rest, ...changes }).join('\0')}\0`, 'latin1');
};
const envOf = (exports: string) => {
  const state = parseShState(fileOf(exports));
  return state && Object.fromEntries([...state.env].map(([name, value]) => [name, value.toString('latin1')]));
};

describe('what a plain sh says that it exports', () => {
  it.each([
    ['', {}],
    ["export A='x y'\nexport B=''\n", { A: 'x y', B: '' }],
    [`export A='it'"'"'s'\n`, { A: "it's" }],
    ["export A='l1\nexport FAKE='\"'\"'1'\n", { A: "l1\nexport FAKE='1" }],
    ['declare -x A="a\\"b\\$c\\\\"\nexport B=plain\n', { A: 'a"b$c\\', B: 'plain' }],
    ['export A\nexport B=1\n', { B: '1' }],
    ["export PWD='/x'\nexport IFS='1'\nexport UID='0'\nexport BASH_ENV='/x'\nexport __sandbus_out='/x'\n", {}],
    ["export A='\xff'\n", { A: '\xff' }],
  ])('%j', (text, env) => {
    expect(envOf(text)).toEqual(env);
  });

  it.each([
    'export A',
    "export A='x",
    "export A='x'",
    'export A="x\n',
    "export A=$'x'\n",
    'export A=$(id)\n',
    'export A=x y\n',
    "export 1A='x'\n",
    "A='x'\n",
    'unset A\n',
  ])('counts for nothing where it is of another form: %j', (text) => {
    expect(envOf(text)).toBeNull();
  });

  it('may be as much as a state holds, of any make', () => {
    const pieces = "''".repeat(1_500_000);
    expect(envOf(`export A=${pieces}\n`)).toEqual({ A: '' });
    expect(envOf(`export A="${'\\\\'.repeat(1_500_000)}"\n`)?.A?.length).toBe(1_500_000);
    expect(parseShState(Buffer.alloc(stateFileLimitBytes + 1))).toBeNull();
  });

  it.each<Readonly<Record<string, string>>>([
    { magic: 'sandbus-state 1' },
    { status: 'status=1234' },
    { cwd: 'cwd=w\n' },
    { cwd: 'cwd=/w' },
    { umask: 'umask=0099\n' },
    { marker: 'definitions' },
    { end: 'end\0more' },
  ])('counts for nothing in a file of another make: %j', (changes) => {
    expect(parseShState(fileOf('', changes))).toBeNull();
  });

  it('never makes its reader fail, whatever a command wrote', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect(() => envOf(text)).not.toThrow()));
    fc.assert(fc.property(fc.uint8Array(), (bytes) => expect(() => parseShState(Buffer.from(bytes))).not.toThrow()));
  });
});
