import { describe, expect, it } from '@jest/globals';
import { parseLocalEnv } from '../../client/parse-local-env.ts';

describe('the variables of a local stack', () => {
  it.each([
    { line: "export GOOGLE_CLOUD_PROJECT='sandbus-local'", value: { GOOGLE_CLOUD_PROJECT: 'sandbus-local' } },
    { line: 'PORT=8085', value: { PORT: '8085' } },
    { line: 'HOST="127.0.0.1:8085"', value: { HOST: '127.0.0.1:8085' } },
    { line: 'KEY=\'a b $HOME `c` "d" #e\'', value: { KEY: 'a b $HOME `c` "d" #e' } },
    { line: "QUOTE='it'\\''s'", value: { QUOTE: "it's" } },
    { line: "EMPTY=''", value: { EMPTY: '' } },
    { line: 'BARE=', value: { BARE: '' } },
    { line: '  export  INDENTED=yes  # a comment', value: { INDENTED: 'yes' } },
    { line: 'HASH=a#b', value: { HASH: 'a#b' } },
    { line: '# only a comment', value: {} },
    { line: '   ', value: {} },
  ])('are read from $line', ({ line, value }) => {
    expect(parseLocalEnv(line)).toEqual({ ok: true, variables: value });
  });

  it('are read from lines that end as on Windows, the last of two winning', () => {
    expect(parseLocalEnv("A='1'\r\nB='2'\r\nA='3'\r\n")).toEqual({ ok: true, variables: { A: '3', B: '2' } });
  });

  it.each([
    ['a variable in it', 'A=$HOME'],
    ['a command in it', 'A=`id`'],
    ['a variable in double quotes', 'A="$HOME"'],
    ['a quote that does not end', "A='open"],
    ['a second word', 'A=b c'],
    ['a second command', 'A=b; rm x'],
    ['a home directory', 'A=~/key.json'],
    ['a name that is none', '1A=b'],
    ['no assignment', 'source other.env'],
  ])('are refused with %s, by the number of the line', (_what, line) => {
    expect(parseLocalEnv(`# first\n${line}\n`)).toEqual({
      ok: false,
      problems: ["line 2 is not of the form export NAME='value'"],
    });
  });

  it('have all their problems told at once', () => {
    expect(parseLocalEnv('A=$B\nC=1\nD=$E')).toEqual({
      ok: false,
      problems: [expect.stringContaining('line 1 '), expect.stringContaining('line 3 ')],
    });
  });
});
