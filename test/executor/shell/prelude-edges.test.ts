import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createShellSession, cwdOf, envOf, type ShellSession } from '../support/shell-session.ts';

const sessions: ShellSession[] = [];
let session: ShellSession;

beforeEach(async () => {
  session = createShellSession();
  sessions.push(session);
  await session.run('export KEEP=1 OLD=old; cd /usr/share');
});
afterAll(() => {
  for (const one of sessions) one.close();
});

describe('a shell that cannot record', () => {
  it.each([
    ['is killed', 'export X=1; kill -9 $$', { signal: 'SIGKILL', stdout: '' }],
    ['becomes another program', 'export X=1; exec echo hi', { signal: null, stdout: 'hi\n' }],
    [
      'loses the EXIT action to builtin trap',
      'builtin trap "echo z" EXIT; export X=1',
      { signal: null, stdout: 'z\n' },
    ],
    [
      'has its file replaced by a link',
      'f=$(ls -d ~/../out); rm $f/state; ln -s /etc/passwd $f/state; kill -9 $$',
      { signal: 'SIGKILL', stdout: '' },
    ],
  ])('when it %s: the session goes on from before', async (_title, command, expected) => {
    const { signal, stdout, left } = await session.run(command);
    expect({ signal, stdout, left }).toEqual({ ...expected, left: null });
    expect((await session.run('echo $KEEP ${X-none}; pwd')).stdout).toBe('1 none\n/usr/share\n');
  });
});

describe('a process in the background', () => {
  it.each([
    ['is disowned', 'export X=1; sleep 200 >/dev/null 2>&1 & disown'],
    ['ignores hangups', 'export X=1; nohup sleep 200 >/dev/null 2>&1 </dev/null &'],
  ])('that %s does not hold the command', async (_title, command) => {
    const result = await session.run(`${command}\necho $!`);
    expect(result.stdout).toMatch(/^\d+\n$/);
    // It still runs: the command has ended before it.
    expect(process.kill(Number(result.stdout), 'SIGKILL')).toBe(true);
    expect(envOf(result)).toMatchObject({ X: '1' });
  });
});

describe('a trace of the command', () => {
  it('shows the command and nothing of the prelude', async () => {
    expect((await session.run('set -x; cd /tmp')).stderr).toBe('+ cd /tmp\n');
    expect((await session.run('cd /')).stderr).toBe('+ cd /\n');
  });
});

describe('a size', () => {
  it('of 200 KB is not too long for a command', async () => {
    const result = await session.run(`export X=1; : '${'x'.repeat(200_000)}'`);
    expect([result.code, envOf(result).X]).toEqual([0, '1']);
  });

  it.each([120 * 1024, 120 * 1024 + 1])('of %d bytes runs, as an argument or as a file', async (bytes) => {
    const command = 'echo $LINENO; #'.padEnd(bytes, 'x');
    expect((await session.run(command)).stdout).toBe('1\n');
  });

  it('of 100,000 bytes is not too long for a value', async () => {
    const result = await session.run('export X=$(head -c 100000 /dev/zero | tr "\\0" x)');
    expect(envOf(result).X).toHaveLength(100_000);
  });

  it('of more than 4 MB is too large for a state', async () => {
    const big = await session.run('X=$(head -c 5000000 /dev/zero | tr "\\0" x)');
    expect([big.code, big.left]).toEqual([0, null]);
  });
});

describe('a command that is not UTF-8', () => {
  it('runs byte for byte', async () => {
    const result = await session.run(Buffer.from("printf %s '\xff\xfe'", 'latin1'));
    expect(result.stdout).toBe('\xff\xfe');
  });
});

describe('trap', () => {
  it.each([
    ['shows the action of EXIT as the user set it', 'trap "echo bye" EXIT; trap', "trap -- 'echo bye' EXIT\nbye\n"],
    [
      'shows it in a subshell',
      'trap "echo bye" EXIT; x=$(trap -p EXIT); echo "$x"; trap - EXIT',
      "trap -- 'echo bye' EXIT\n",
    ],
    ['shows nothing where nothing was set', 'trap; trap -p EXIT; (trap)', ''],
    ['takes EXIT away with -', 'trap "echo no" EXIT; trap - EXIT', ''],
    ['takes EXIT away when it stands alone', 'trap "echo no" EXIT; trap 0', ''],
    [
      'takes ERR and RETURN away when they stand alone',
      'trap "echo no" ERR RETURN; trap ERR; trap -- RETURN; false; . /dev/null',
      '',
    ],
    ['refuses a name alone that is none of a signal', 'trap x 2>/dev/null; echo $?', '2\n'],
    ['sees the status of the command', 'trap "echo bye \\$?" EXIT; exit 5', 'bye 5\n'],
    ['takes the name in small letters', 'trap "echo x" exit', 'x\n'],
    [
      'sets EXIT and a signal at once',
      'trap "echo x" EXIT INT; trap; trap - EXIT',
      "trap -- 'echo x' EXIT\ntrap -- 'echo x' SIGINT\n",
    ],
    ['runs an EXIT action of a subshell there', '(trap "echo sub" EXIT); echo main', 'sub\nmain\n'],
    ['catches signals', 'trap "echo usr" USR1; kill -USR1 $$', 'usr\n'],
    ['catches errors', 'trap "echo err" ERR; false; trap - ERR; false; :', 'err\n'],
    ['runs before commands', 'trap "echo dbg" DEBUG; :; trap - DEBUG; :', 'dbg\ndbg\n'],
    [
      'acts when functions return, and not as it is set',
      'f() { trap "echo left \\$FUNCNAME" RETURN; echo in; }; f; f',
      'in\nleft f\nin\nleft f\n',
    ],
    [
      'sets RETURN and a signal at once',
      'trap "echo both" RETURN USR1; kill -USR1 $$; . /dev/null; trap - RETURN; . /dev/null',
      'both\nboth\n',
    ],
    ['replaces one action of RETURN by another', 'trap "echo a" RETURN; trap -- "echo b" return; . /dev/null', 'b\n'],
    ['sets RETURN in a subshell', '(f() { trap "echo sub" RETURN; }; f)', 'sub\n'],
    ['ignores with an empty action', 'trap "" TERM; kill -TERM $$; echo alive', 'alive\n'],
    ['cannot be removed', 'unset -f trap; trap "echo x" EXIT', 'x\n'],
    ['refuses an unknown signal', 'trap x NOSUCH; echo $?', '1\n'],
  ])('%s', async (_title, command, stdout) => {
    const result = await session.run(command);
    expect([result.stdout, result.left === null]).toEqual([stdout, false]);
  });
});

describe('what the request gives for its command only', () => {
  it('is exported, and gone with the command', async () => {
    const result = await session.run('echo $NEW $KEEP; bash -c "echo \\$NEW"', { env: { NEW: 'a b', KEEP: '2' } });
    expect(result.stdout).toBe('a b 2\na b\n');
    expect(envOf(result)).toMatchObject({ KEEP: '1' });
    expect((await session.run('echo ${NEW-none} $KEEP')).stdout).toBe('none 1\n');
  });

  it('stays out of the session even if the command changes it', async () => {
    await session.run('export KEEP=3 NEW=4', { env: { KEEP: '2', NEW: '1' } });
    expect((await session.run('echo ${NEW-none} $KEEP')).stdout).toBe('none 1\n');
  });

  it('leaves an array, an attribute and IFS of the same name as they were', async () => {
    await session.run('arr=(1 2); declare -i n=5; IFS=,');
    await session.run(':', { env: { arr: 'x', n: '7', IFS: ':', LC_ALL: 'C' } });
    expect((await session.run('echo "${arr[1]}"; n=1+1; echo $n "$IFS" ${LC_ALL-none}')).stdout).toBe('2\n2 , none\n');
  });

  it('cannot replace what the session made read-only, and the user is told', async () => {
    await session.run('readonly RO=1');
    const { stdout, stderr } = await session.run('echo $RO', { env: { RO: '2' } });
    expect([stdout, stderr]).toEqual(['1\n', "sandbus: 'RO' is read-only in this session\n"]);
  });

  it('carries values with newlines', async () => {
    expect((await session.run('printf %s "$X"', { env: { X: 'a\nb\n' } })).stdout).toBe('a\nb\n');
  });
});

describe('a directory of the request', () => {
  it('is for its command only', async () => {
    const result = await session.run('pwd', { cwd: '/tmp' });
    expect([result.stdout, cwdOf(result)]).toEqual(['/tmp\n', '/usr/share']);
    expect((await session.run('pwd')).stdout).toBe('/usr/share\n');
  });

  it('does not become what cd - leads back from', async () => {
    const result = await session.run('cd -', { cwd: '/tmp' });
    expect(result.stdout).toBe(`${session.home}\n`);
  });

  it('is left behind when the command changes directory itself', async () => {
    await session.run('cd /var', { cwd: '/tmp' });
    expect((await session.run('pwd; cd - >/dev/null; pwd')).stdout).toBe('/var\n/tmp\n');
  });

  it('keeps the session where it was when the command comes back to it', async () => {
    const result = await session.run('cd /var; cd /tmp', { cwd: '/tmp' });
    expect(cwdOf(result)).toBe('/usr/share');
  });

  it('that does not exist gives exit code 1 and a word on stderr, and nothing is run or changed', async () => {
    const result = await session.run('echo no; export X=1', { cwd: '/nope' });
    expect(result).toMatchObject({ code: 1, stdout: '', stderr: "sandbus: cannot change to directory '/nope'\n" });
    expect([cwdOf(result), envOf(result).X]).toEqual(['/usr/share', undefined]);
  });
});

describe('the limits of a shell', () => {
  it('hold from its first command and cannot be raised', async () => {
    const { stdout } = await session.run('ulimit -c; ulimit -n; ulimit -n 8192 2>/dev/null || echo refused');
    expect(stdout.split('\n').slice(0, 2)).toEqual(['0', '4096']);
  });
});
