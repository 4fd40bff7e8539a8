import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../support/until.ts';

const program = join(import.meta.dirname, '../../scripts/packages.js');
let folder: string;

/** Stands for npm: says that it was called, and installs when it may. */
const npm = `#!/bin/sh
echo called >> calls
until [ -e go ]; do sleep 0.02; done
mkdir -p node_modules
`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'packages-'));
  writeFileSync(join(folder, 'package-lock.json'), '{}');
  writeFileSync(join(folder, 'npm'), npm, { mode: 0o755 });
});
afterEach(() => rmSync(folder, { recursive: true }));

const calls = () => (existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8') : '');
const letGo = () => writeFileSync(join(folder, 'go'), '');

function install() {
  const call = `import { ensurePackages } from ${JSON.stringify(program)};
    ensurePackages({ folder: ${JSON.stringify(folder)}, what: 'packages' });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', call], {
    env: { PATH: `${folder}:${process.env.PATH}` },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    said += piece;
  });
  const ended = Promise.all([once(child, 'close'), text(child.stderr)]).then(([[code]]) => code as number | null);
  return { pid: child.pid ?? 0, ended, said: () => said, kill: () => child.kill('SIGKILL') };
}

describe('packages that two commands find missing', () => {
  it('are installed by one of them, and the other waits and says for whom', async () => {
    const first = install();
    await until('the first one to install', () => (calls() === '' ? null : true));
    const second = install();
    await until('the second one to wait', () => (second.said() === '' ? null : true));
    expect(second.said()).toBe(`sandbus: process ${first.pid} installs packages already; waiting for it …\n`);
    letGo();
    expect([await first.ended, await second.ended, calls()]).toEqual([0, 0, 'called\n']);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it.each([
    ['of a process that is gone', () => spawnSync('true').pid, null],
    ['of an earlier process with the number of a living one', () => process.pid, 'another time'],
  ])('are not waited for under the lock %s', async (_whose, pid, startedAt) => {
    mkdirSync(join(folder, '.sandbus-installing'));
    writeFileSync(join(folder, '.sandbus-installing', 'owner'), JSON.stringify({ pid: pid(), startedAt }));
    letGo();
    const both = [install(), install()];
    expect([...(await Promise.all(both.map(({ ended }) => ended))), calls()]).toEqual([0, 0, 'called\n']);
  });

  it('are installed by the other when the first one is killed', async () => {
    const first = install();
    await until('the first one to install', () => (calls() === '' ? null : true));
    const second = install();
    await until('the second one to wait', () => (second.said() === '' ? null : true));
    first.kill();
    letGo();
    expect([await second.ended, calls()]).toEqual([0, 'called\ncalled\n']);
    await first.ended;
  });
});
