import { describe, expect, it } from '@jest/globals';
import { parseStateFile, stateFileLimitBytes } from '../../../executor/shell/state-file.ts';

const fields = {
  magic: 'sandbus-state 1',
  status: 'status=3',
  cwd: 'cwd=/tmp',
  started: 'started=/',
  oldpwd: 'oldpwd=',
  umask: 'umask=0022\n',
  options: 'options=braceexpand:interactive-comments',
  env: 'e:X=a=b\n',
  marker: 'definitions',
  definitions: 'declare -x X="a"\n',
  end: 'end',
};

const file = (changes: Partial<Record<keyof typeof fields, string>> = {}): Buffer =>
  Buffer.from(`${Object.values({ ...fields, ...changes }).join('\0')}\0`, 'latin1');

describe('a state file', () => {
  it('is taken apart as it stands, bytes and all', () => {
    const parsed = parseStateFile(file({ env: 'e:X=\xff=b\n' }));
    expect({ ...parsed, env: [...(parsed?.env ?? [])] }).toEqual({
      status: 3,
      cwd: Buffer.from('/tmp'),
      started: Buffer.from('/'),
      oldpwd: Buffer.alloc(0),
      umask: '0022',
      options: 'braceexpand:interactive-comments',
      env: [['X', Buffer.from('\xff=b\n', 'latin1')]],
      definitions: Buffer.from('declare -x X="a"\n'),
    });
  });

  it('may have no variables at all', () => {
    const withoutEnv = file().toString('latin1').replace(`${fields.env}\0`, '');
    expect(parseStateFile(Buffer.from(withoutEnv, 'latin1'))?.env.size).toBe(0);
  });

  it.each([
    ['is empty', Buffer.alloc(0)],
    ['is cut off before its end', file().subarray(0, -4)],
    ['is cut off inside its last byte', file().subarray(0, -1)],
    ['goes on after its end', Buffer.concat([file(), Buffer.from('x')])],
    ['is of another version', file({ magic: 'sandbus-state 2' })],
    ['has a status that is no number', file({ status: 'status=x' })],
    ['has a relative directory', file({ cwd: 'cwd=tmp' })],
    ['has no directory', file({ cwd: 'cwd=' })],
    ['has its fields in another order', file({ cwd: fields.started, started: fields.cwd })],
    ['has a umask that is none', file({ umask: 'umask=9\n' })],
    ['has options that are none', file({ options: 'options=; rm' })],
    ['has a variable without a name', file({ env: 'e:=x' })],
    ['has a variable with a name that is none', file({ env: 'e:a b=x' })],
    ['has something else among the variables', file({ env: 'X=1' })],
    ['has another trailer', file({ end: 'END' })],
  ])('does not count when it %s', (_title, bytes) => {
    expect(parseStateFile(bytes)).toBeNull();
  });

  it.each([
    [0, true],
    [1, false],
  ])('of the size limit and %d bytes counts: %s', (more, counts) => {
    const room = stateFileLimitBytes - file({ definitions: '' }).length;
    expect(parseStateFile(file({ definitions: 'x'.repeat(room + more) })) !== null).toBe(counts);
  });
});
