import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../support/run-program.ts';
import { createShellSession, cwdOf, envOf, type ShellSession } from '../support/shell-session.ts';

/* A session may own, and make read-only, every name but those of bash itself and those that begin with `__sandbus_`. */

const folder = join(projectRoot, 'executor/shell/prelude');
const text = readdirSync(folder)
  .map((file) => readFileSync(join(folder, file), 'utf8'))
  .join('\n');

/** Whatever looks like a name in the prelude, words of its comments and names without their prefix too. */
const names = [...new Set(text.replaceAll('__sandbus_', ' ').match(/\b[a-z][a-z_]*\b/g))];
/** With what builtins assign unless they are told otherwise. */
const readOnly = [...names, 'REPLY', 'MAPFILE', 'CDPATH', 'OPTARG', 'OPTIND'].map((name) => `${name}=mine`).join(' ');

let session: ShellSession;
beforeEach(() => {
  session = createShellSession();
});
afterEach(() => session.close());

describe('a session that made names read-only', () => {
  it('keeps its state, and reads directory and variables of requests, whichever words of the prelude they are', async () => {
    expect(names).toEqual(expect.arrayContaining(['directory', 'name', 'options', 'status']));
    const made = await session.run(
      `readonly ${readOnly}; export KEEP=1; f() { echo f; }; set -o pipefail; cd /usr; cd share`,
    );
    expect(made.stderr).toBe('');
    const options = { cwd: '/tmp', env: { GIVEN: 'a b' } };
    const given = await session.run('f; pwd; echo $GIVEN; echo $OLDPWD; false | true; echo $?; export KEEP=2', options);
    expect(given.stdout).toBe('f\n/tmp\na b\n/usr\n1\n');
    expect([given.stderr, cwdOf(given), envOf(given).KEEP]).toEqual(['', '/usr/share', '2']);
    const next = await session.run('trap "f; echo $KEEP $directory" EXIT; set -e; pwd; cd - >/dev/null; pwd; false');
    expect(next).toMatchObject({ code: 1, stderr: '', stdout: '/usr/share\n/usr\nf\n2 mine\n' });
    expect(cwdOf(next)).toBe('/usr');
  });

  it.each(['', '=,', "='a '"])('prints nothing and loses nothing where one is IFS%s', async (value) => {
    await session.run(`f() { echo f; }; export -f f; N=1; readonly IFS${value}`);
    const set = await session.run('trap "f" EXIT; trap; trap -p EXIT; M=2', { cwd: '/tmp', env: { GIVEN: ' a ' } });
    expect([set.stderr, set.stdout]).toEqual(['', "trap -- 'f' EXIT\ntrap -- 'f' EXIT\nf\n"]);
    const next = await session.run('f; bash -c f; echo "$N" "$M"; (IFS=x) 2>/dev/null || echo kept');
    expect([next.stderr, next.stdout]).toEqual(['', 'f\nf\n1 2\nkept\n']);
  });
});
