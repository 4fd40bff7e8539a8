import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { chooseShell } from '../../../executor/shell/choose-shell.ts';
import { createShellSession, cwdOf, envOf, type ShellSession } from '../support/shell-session.ts';

/** Plain shells that this machine has; the first is what commands get. */
const programs = [['/bin/sh'], ['/usr/bin/dash'], ['/bin/busybox', 'sh']].filter(([path = '']) => existsSync(path));

async function inSession<T>(program: readonly string[], use: (session: ShellSession) => Promise<T>): Promise<T> {
  const session = createShellSession({ kind: 'sh', program });
  try {
    return await use(session);
  } finally {
    session.close();
  }
}

/** What the second of two commands prints, and whether the first left a state. */
const followedBy = (program: readonly string[], first: string, next: string) =>
  inSession(program, async ({ run }) => {
    const { left, code } = await run(first);
    const { stdout, stderr } = await run(next);
    return { captured: left !== null, code, stdout, stderr };
  });

describe.each(programs.map((program) => ({ program })))('$program', ({ program }) => {
  it.each<[what: string, first: string, next: string, stdout: string]>([
    ['the directory', 'mkdir -p "a b"; cd "a b"', 'basename "$PWD"; basename "$OLDPWD"', 'a b\nhome\n'],
    ['a directory whose name ends in a line feed', "mkdir 'x\n'; cd 'x\n'", 'basename "$PWD"', 'x\n\n'],
    ['an exported variable', 'export A="x y"', 'echo "$A"; env | grep ^A=', 'x y\nA=x y\n'],
    [
      'a value of several lines, with all quotes',
      `export A="l1\nexport FAKE='1'\n'\\"\\$"`,
      'printf %s "$A"; echo "${FAKE-none}"',
      `l1\nexport FAKE='1'\n'"$none\n`,
    ],
    ['a value of other bytes', "export A=$(printf '\\377\\201')", 'printf %s "$A" | od -An -tx1', ' ff 81\n'],
    ['an empty value', 'export A=', 'echo "${A-none}"', '\n'],
    ['the umask', 'umask 027', 'umask', '0027\n'],
    ['that a variable was unset', 'export A=1; unset A PATH', 'echo "${A-none} ${PATH-none}"', 'none none\n'],
    ['what a command did before its set -e ended it', 'set -e; export A=1; false; export A=2', 'echo $A', '1\n'],
    ['what a command did before it exited', 'export A=1; exit 7', 'echo $A', '1\n'],
    ['what a command did before an unset variable ended it', 'set -u; export A=1; echo $nope; A=2', 'echo $A', '1\n'],
    ['what a function named cd did not do', 'cd() { echo mine; }; cd /; export A=1', 'echo $A; cd /; pwd', '1\n/\n'],
    [
      'what is exported under functions named printf, pwd and umask',
      'printf() { :; }; pwd() { echo /x; }; umask() { :; }; export A=1',
      'echo $A',
      '1\n',
    ],
    [
      'what is exported under aliases of everything',
      'alias exit=echo export=echo printf=echo pwd=echo trap=echo; \\export A=1',
      'echo $A',
      '1\n',
    ],
    [
      'what is exported though nothing may be found or written over',
      'export A=1; PATH=/nonexistent; set -C -f; IFS=1',
      'echo $A',
      '1\n',
    ],
    ['what was exported in a subshell not', 'export A=1; (export A=2; exit 3)', 'echo $A', '1\n'],
    ['what a background process has not', '(sleep 0.01; exit 5) & export A=1; wait', 'echo $A', '1\n'],
  ])('keeps %s', async (_what, first, next, stdout) => {
    const { captured, ...result } = await followedBy(program, first, next);
    expect([captured, result.stdout, result.stderr]).toEqual([true, stdout, '']);
  });

  it.each([
    ['an exit', 'exit 7', 7],
    ['the last command', 'false', 1],
    ['a syntax error', 'if ; then', 2],
    ['a return at its top level', 'return 4', 4],
    ['an exit in its own EXIT action', "trap 'exit 9' EXIT", 9],
  ])('ends with the status of %s', async (_what, command, code) => {
    expect((await inSession(program, ({ run }) => run(command))).code).toBe(code);
  });

  it('calls itself sh in its errors, as one that was started by hand does, and as $0', async () => {
    const [wrong, name] = await inSession(program, async ({ run }) => [await run('if ; then'), await run('echo "$0"')]);
    expect([wrong?.stderr, name?.stdout]).toEqual([expect.stringMatching(/^sh: /), 'sh\n']);
  });

  it('runs the EXIT action of a command, and keeps what the command did until it ran to its end', async () => {
    const [first, next] = await inSession(program, async ({ run }) => [
      await run("trap 'echo bye' EXIT; export A=1"),
      await run('echo $A'),
    ]);
    expect([first?.stdout, next?.stdout]).toEqual(['bye\n', '1\n']);
  });

  it.each([
    ['is killed', 'export A=2; kill -9 $$'],
    ['takes the EXIT action and exits before its end', "trap 'echo bye' EXIT; export A=2; exit 0"],
    ['becomes another program', 'export A=2; exec true'],
    ['writes a state of its own that is none', 'export A=2; for fd in 1; do :; done; trap - EXIT; exit'],
  ])('leaves the state before where the command %s', async (_what, second) => {
    const [left, next] = await inSession(program, async ({ run }) => {
      await run('export A=1');
      return [(await run(second)).left, (await run('echo $A')).stdout];
    });
    expect([left, next]).toEqual([null, '1\n']);
  });

  it('is given variables and a directory for one command, and keeps those of the session', async () => {
    const outputs = await inSession(program, async ({ run, home }) => {
      await run('export A=session; mkdir d e; cd d');
      const given = await run('echo $A $B; basename "$PWD"; export A=changed', {
        env: { A: "it's", B: '2' },
        cwd: `${home}/e`,
      });
      const last = await run('echo $A ${B-none}; basename "$PWD"');
      return [given.stdout, last.stdout];
    });
    expect(outputs).toEqual(["it's 2\ne\n", 'session none\nd\n']);
  });

  it('starts at home, and says so, where its directory is gone; and runs nothing where the one of a request is', async () => {
    const [gone, missing] = await inSession(program, async ({ run, home }) => {
      await run('mkdir d; cd d; rmdir ../d');
      return [await run('basename "$PWD"'), await run('echo ran', { cwd: `${home}/nope` })];
    });
    expect([gone?.stdout, gone?.stderr]).toEqual([
      'home\n',
      expect.stringMatching(/^sandbus: the directory '.*\/d' is gone/),
    ]);
    expect([missing?.code, missing?.stdout, missing?.stderr]).toEqual([
      1,
      '',
      expect.stringMatching(/^sandbus: cannot change to directory '.*\/nope'\n$/),
    ]);
  });

  it('does not keep functions, aliases and variables that are not exported', async () => {
    const { stdout } = await followedBy(
      program,
      'f() { echo f; }; alias g=echo; A=1',
      'f 2>/dev/null; g 2>/dev/null; echo "${A-none}"',
    );
    expect(stdout).toBe('none\n');
  });

  it('is held to the limits of a request', async () => {
    const { stdout } = await inSession(program, ({ run }) => run('ulimit -n; ulimit -c; ulimit -f'));
    expect(stdout).toBe(`4096\n0\n${1024 * 2048}\n`);
  });
});

describe('a session that goes on in the other shell', () => {
  it('has what both keep, from bash to sh', async () => {
    const bash = createShellSession();
    const first = await bash.run("export A=$'x\\n\\'y'; B=2; umask 077; unset LANG; f() { :; }");
    const sh = createShellSession({ kind: 'sh', from: first.state });
    const { stdout, stderr } = await sh.run('echo "$A${B-none} ${LANG-none}"; umask; f 2>/dev/null || echo no f');
    for (const session of [bash, sh]) session.close();
    expect([stdout, stderr]).toEqual(["x\n'ynone none\n0077\nno f\n", '']);
  });

  it('has what both keep, from sh to bash', async () => {
    const sh = createShellSession({ kind: 'sh' });
    const made = await sh.run(`export A="x\n'y" B=2; umask 077; unset LANG`);
    const bash = createShellSession({ from: made.state });
    const { stdout, stderr } = await bash.run('echo "$A$B ${LANG-none}"; umask');
    for (const session of [sh, bash]) session.close();
    expect([envOf(made).A, cwdOf(made), stdout, stderr]).toEqual([
      ...["x\n'y", sh.home],
      ...["x\n'y2 none\n0077\n", ''],
    ]);
  });
});

describe('the shell of a command', () => {
  it.each([
    ['sh', 'bubblewrap', true, 'sh'],
    ['bash', 'bubblewrap', true, 'bash'],
    [undefined, 'bubblewrap', false, 'bash'],
    [undefined, 'none', true, 'bash'],
    [undefined, 'none', false, 'sh'],
    ['bash', 'none', false, 'bash'],
  ] as const)('asked for %p, behind %s, with bash %p: %s', (asked, wall, hasBash, shell) => {
    expect(chooseShell(asked, wall, () => hasBash)).toBe(shell);
  });
});
