import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type CommandOptions,
  createShellSession,
  cwdOf,
  envOf,
  type ShellResult,
  type ShellSession,
} from '../support/shell-session.ts';

const sessions: ShellSession[] = [];
let session: ShellSession;

/** Every session starts from here, so a test sees what was kept, changed and lost. */
beforeEach(async () => {
  session = createShellSession();
  sessions.push(session);
  await session.run('export KEEP=1 OLD=old; cd /usr/share');
});
afterAll(() => {
  for (const one of sessions) one.close();
});

/** What a command gave and what the session kept of it, as far as a row says something of it. */
interface Expected {
  readonly code?: number;
  readonly signal?: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly gone?: readonly string[];
}

const asSeen = ({ code, signal, stdout, stderr, ...result }: ShellResult, expected: Expected): Expected => ({
  ...(expected.code !== undefined && { code: code ?? -1 }),
  ...(expected.signal !== undefined && { signal: signal ?? '' }),
  ...(expected.stdout !== undefined && { stdout }),
  ...(expected.stderr !== undefined && { stderr }),
  ...(expected.cwd !== undefined && { cwd: cwdOf(result) ?? '' }),
  ...(expected.env && { env: pick(envOf(result), Object.keys(expected.env)) }),
  ...(expected.gone && { gone: expected.gone.filter((name) => !(name in envOf(result))) }),
});

const pick = (env: Record<string, string>, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, env[name] ?? '(absent)']));

type Row = readonly [title: string, command: string, expected: Expected, options?: CommandOptions];

const kept = { KEEP: '1', OLD: 'old' };

describe('after a command the session keeps', () => {
  it.each<Row>([
    ['the directory and a new variable', 'cd /tmp; export X=1', { code: 0, cwd: '/tmp', env: { X: '1', ...kept } }],
    ['a value with newlines, the last one too', "export X=$'a\\nb\\n'", { env: { X: 'a\nb\n' } }],
    ['a value that is not UTF-8', "export X=$'\\xff\\xfe\\x80a'", { env: { X: '\xff\xfe\x80a' } }],
    ['that a variable was unset', 'unset OLD', { gone: ['OLD'], env: { KEEP: '1' } }],
    ['that a variable is not exported any more', 'export -n OLD', { gone: ['OLD'] }],
    ['an empty value', 'export X=', { env: { X: '' } }],
    ['what was done before exit', 'export X=1; cd /tmp; exit 3', { code: 3, cwd: '/tmp', env: { X: '1' } }],
    [
      'what was done before exit in a sourced file',
      'echo "export X=1; cd /tmp; exit 4" >~/s; . ~/s; echo no',
      { code: 4, stdout: '', cwd: '/tmp', env: { X: '1' } },
    ],
    [
      'what was done before set -e ended it',
      'X=1; export X; set -e; false; echo no',
      { code: 1, stdout: '', env: { X: '1' } },
    ],
    [
      'what was done before set -u ended it',
      'export X=1; set -u; echo $NOPE; echo no',
      { code: 127, stdout: '', env: { X: '1' } },
    ],
    [
      'what was done before ${…:?} ended it',
      'export X=1; : ${NOPE:?gone}; echo no',
      { code: 127, stdout: '', env: { X: '1' } },
    ],
    ['everything when the command is no shell at all', 'if then', { code: 2, cwd: '/usr/share', env: kept }],
    [
      'what was done before a line that is no shell',
      'export X=1\necho a\n)',
      { code: 2, stdout: 'a\n', env: { X: '1' } },
    ],
    ['everything when a quote stays open', 'echo "abc', { code: 2, env: kept }],
    ['a here-document without its end', 'cat <<EOF\nhi', { code: 0, stdout: 'hi\n', env: kept }],
    ['a here-document with a variable', 'cat <<EOF\na $KEEP\nEOF', { code: 0, stdout: 'a 1\n', env: kept }],
    ['what stands before a comment at the end', 'cd /tmp # go', { code: 0, cwd: '/tmp' }],
    ['what stands before a backslash at the end', 'cd /tmp; echo hi \\', { code: 0, cwd: '/tmp', stdout: 'hi \\\n' }],
    ['what was done before a SIGTERM', 'export X=1; kill -TERM $$; sleep 5', { signal: 'SIGTERM', env: { X: '1' } }],
    [
      'what follows a redirection of the shell',
      'exec 5>/dev/null; export X=1; exec >/dev/null; echo no',
      { code: 0, stdout: '', env: { X: '1' } },
    ],
    ['everything when stdout and stderr were closed', 'export X=1; exec >&- 2>&-', { code: 0, env: { X: '1' } }],
    ['everything when descriptor 3 was closed', 'export X=1; exec 3>&-', { env: { X: '1' } }],
    [
      'nothing that was written to descriptor 3',
      'export X=1; echo cwd=/evil >&3; :',
      { cwd: '/usr/share', env: { X: '1' } },
    ],
    [
      'what stands before an EXIT action',
      'export X=1; trap "echo bye" EXIT; cd /tmp',
      { code: 0, stdout: 'bye\n', cwd: '/tmp', env: { X: '1' } },
    ],
    ['what an EXIT action exports', 'trap "export X=1" EXIT', { code: 0, env: { X: '1' } }],
    [
      'what stands before an EXIT action that calls exit',
      'export X=1; trap "echo bye; exit 9" EXIT',
      { code: 9, stdout: 'bye\n', env: { X: '1' } },
    ],
    ['nothing of a subshell', '(export X=1; cd /tmp; exit 7)', { code: 7, cwd: '/usr/share', gone: ['X'] }],
    ['the status of a pipe', 'set -o pipefail; false | true', { code: 1, env: kept }],
    [
      'a PATH that finds nothing',
      'export PATH=/nope; cd /tmp; export X=1',
      { code: 0, cwd: '/tmp', env: { X: '1', PATH: '/nope' } },
    ],
    ['that there is no PATH', 'unset PATH; cd /tmp', { code: 0, cwd: '/tmp', gone: ['PATH'] }],
    [
      'everything under functions named as what it uses',
      'env() { echo evil; }; pwd() { echo evil; }; printf() { echo evil; }; export X=1',
      { code: 0, stdout: '', cwd: '/usr/share', env: { X: '1' } },
    ],
    ['everything under a function named builtin', 'builtin() { :; }; export X=1', { code: 0, env: { X: '1' } }],
    [
      'everything under functions named as special builtins',
      'unset() { echo evil; }; eval() { echo evil; }; exit() { echo evil; }; export X=1',
      { code: 0, stdout: '', env: { X: '1' } },
    ],
    [
      'everything under aliases named as what it uses',
      'shopt -s expand_aliases; alias env=false pwd=false printf=false\nexport X=1',
      { code: 0, env: { X: '1' } },
    ],
    ['everything under set -C -f', 'set -C -f; export X=1', { code: 0, env: { X: '1' } }],
    ['everything under set -a -k', 'set -a -k; X=1', { code: 0, env: { X: '1' }, gone: ['__sandbus_status'] }],
    ['a read-only variable', 'readonly RO=5; export RO; cd /tmp', { code: 0, cwd: '/tmp', env: { RO: '5' } }],
    ['a locale', 'export LC_ALL=C.UTF-8 LC_CTYPE=C', { env: { LC_ALL: 'C.UTF-8', LC_CTYPE: 'C' } }],
    ['all but BASH_ENV', 'export BASH_ENV=/nonexistent X=1', { env: { X: '1' }, gone: ['BASH_ENV'] }],
    [
      'a preloaded library that does not exist',
      'export LD_PRELOAD=/nope.so; cd /tmp',
      { code: 0, cwd: '/tmp', env: { LD_PRELOAD: '/nope.so' } },
    ],
    ['what was done in posix mode', 'set -o posix; export X=1; cd /tmp', { code: 0, cwd: '/tmp', env: { X: '1' } }],
    [
      'what was read from stdin',
      'read a; echo "got $a"; export X=$a',
      { stdout: 'got line1\n', env: { X: 'line1' } },
      { stdin: 'line1\nline2\n' },
    ],
    [
      'everything when another program took stdin',
      'cat >/dev/null; export X=1',
      { env: { X: '1' } },
      { stdin: 'zz\n' },
    ],
    ['the name of a link that it went through', 'mkdir ~/real; ln -s real ~/link; cd ~/link', { code: 0, env: kept }],
    [
      'nothing of what only bash itself sets',
      ':',
      { gone: ['SHLVL', 'PWD', 'OLDPWD', 'BASH_ENV', 'SANDBUS_IN', 'SANDBUS_OUT', '_'] },
    ],
  ])('%s', async (_title, command, expected, ...[options]) => {
    // Rest parameters: a row without options must not make jest pass its own callback.
    const result = await session.run(command, options);
    expect(asSeen(result, expected)).toEqual(expected);
  });

  it.each([
    ['with a newline', "$'a\\nb'", 'a\nb'],
    ['that ends in a newline', "$'end\\n'", 'end\n'],
    ['that is not UTF-8', "$'\\xff'", '\xff'],
    ['that begins with a dash', '-P', '-P'],
    ['that is a link', '"$(ln -s /usr ~/ln; echo ln)"', 'ln'],
  ])('a directory %s', async (_title, word, name) => {
    const result = await session.run(`d=${word}; mkdir -p -- ~/"$d"; cd -- ~/"$d"`);
    expect(cwdOf(result)).toBe(`${session.home}/${name}`);
    const next = await session.run('printf %s "$PWD"');
    expect(next.stdout).toBe(`${session.home}/${name}`);
  });
});

describe('the next command of the session finds', () => {
  it.each([
    ['a value with newlines', "export X=$'a\\nb\\n'", 'printf %s "$X" | od -An -c | tr -d " \\n"', 'a\\nb\\n'],
    [
      'a value that is not UTF-8',
      "export X=$'\\xff\\xfe\\x80a'",
      'printf %s "$X" | od -An -tx1 | tr -d " \\n"',
      'fffe8061',
    ],
    ['that a variable was unset', 'unset OLD', 'echo "${OLD-none}"', 'none\n'],
    ['IFS', 'IFS=:', 'printf %s "$IFS"', ':'],
    ['that IFS was unset', 'unset IFS', 'echo "${IFS-none}"', 'none\n'],
    ['a read-only variable', 'readonly RO=5', 'RO=6 2>/dev/null; echo $RO', ''],
    [
      'functions, one with a here-document',
      'foo() { echo "f:$1"; }; bar() { cat <<X\nq $1\nX\n}',
      'foo 1; bar 2',
      'f:1\nq 2\n',
    ],
    ['a function with a name of its own kind', 'my-fn.x() { echo odd; }', 'my-fn.x', 'odd\n'],
    ['an alias', "alias hi='echo hello'", 'hi', 'hello\n'],
    ['shopt', 'shopt -s extglob nullglob', 'echo @(x|y)zzz* end', 'end\n'],
    ['a function that needs extglob', 'shopt -s extglob\nef() { case $1 in @(a|b)) echo ok;; esac; }', 'ef a', 'ok\n'],
    [
      'arrays, integers and references',
      'arr=(1 "2 3"); declare -A m=([k]="v w"); declare -i num=3; declare -n ref=num',
      'echo "${arr[1]} ${m[k]} $((num+1)) $ref"; num=2+2; echo $num',
      '2 3 v w 4 3\n4\n',
    ],
    ['an exported function', 'ef() { echo E; }; export -f ef', 'bash -c ef', 'E\n'],
    ['the umask', 'umask 027', 'umask', '0027\n'],
    ['a umask that closes everything', 'umask 777', 'umask; export X=1', '0777\n'],
    ['set -u', 'set -u', '(echo ${NOPE}x) 2>/dev/null; echo $?', '1\n'],
    ['set -e', 'set -e', 'false; echo no', ''],
    ['set -f and +B', 'set -f +B', 'echo /usr/bi* {a,b}', '/usr/bi* {a,b}\n'],
    ['set -o posix', 'set -o posix', 'shopt -o posix', 'posix          \ton\n'],
    ['OLDPWD', 'cd /tmp', 'cd -', '/usr/share\n'],
    ['no alias of this program and no trap', 'trap "" INT', 'alias; trap', ''],
    ['$? as a new shell has it', 'false', 'echo $?', '0\n'],
  ])('%s', async (_title, first, second, stdout) => {
    await session.run(first);
    expect((await session.run(second)).stdout).toBe(stdout);
  });

  it('its home, with a note, when the directory is gone', async () => {
    const first = await session.run('mkdir ~/gone; cd ~/gone; rmdir ~/gone');
    expect(cwdOf(first)).toBe(`${session.home}/gone`);
    const next = await session.run('pwd');
    expect([next.stdout, next.stderr]).toEqual([
      `${session.home}\n`,
      `sandbus: the directory '${session.home}/gone' is gone, starting in ${session.home}\n`,
    ]);
  });

  it('the latest functions, and not those of an older command', async () => {
    await session.run('f() { echo 1; }');
    await session.run('f() { echo 2; }');
    expect((await session.run('f')).stdout).toBe('2\n');
  });
});
