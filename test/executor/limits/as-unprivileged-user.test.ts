import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, expect, it } from '@jest/globals';

const repository = join(import.meta.dirname, '../../..');
/** Nobody's; only root can become it, and who is not root is unprivileged already. */
const uid = process.getuid?.() === 0 ? 61_235 : null;
const become = uid === null ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--'];

const home = mkdtempSync(join(tmpdir(), 'unprivileged-'));
if (uid !== null) chownSync(home, uid, uid);
afterAll(() => rmSync(home, { recursive: true, force: true }));

it('an executor that is not root holds each limit too, by the means that it has', () => {
  const suites = ['each-limit', 'watch-memory'].map((name) => join(import.meta.dirname, `${name}.test.ts`));
  const jest = [process.execPath, join(repository, 'node_modules/jest/bin/jest.js'), '--runInBand', ...suites];
  const [file = '', ...args] = [...become, ...jest, '--cacheDirectory', join(home, 'cache')];
  const { status, stderr } = spawnSync(file, args, {
    cwd: repository,
    encoding: 'utf8',
    env: {
      ...{ HOME: home, TMPDIR: home, PATH: process.env.PATH },
      NODE_OPTIONS: '--experimental-vm-modules --no-warnings',
    },
  });
  expect([status, stderr]).toEqual([0, expect.stringMatching(/^Tests: +\d+ passed, \d+ total$/m)]);
}, 600_000);
