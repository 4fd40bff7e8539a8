// Installs packages from a lock file. Like bootstrap.mjs it runs on Node 20 with nothing installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { withLock } from './lock.js';

export const say = (text) => process.stderr.write(`sandbus: ${text}\n`);

export function ensurePackages({ folder, what, afterwards = () => {} }) {
  // Written last, so that an installation which was cut short is not taken for a whole one.
  const mark = join(folder, 'node_modules', '.sandbus-installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  const areThere = () => existsSync(mark) && readFileSync(mark, 'utf8') === wanted;
  if (areThere()) return;
  // npm empties node_modules first, so the lock lies beside it.
  withLock(join(folder, '.sandbus-installing'), {
    onWait: (owner) => say(`process ${owner} installs ${what} already; waiting for it …`),
    work: () => {
      // Whoever was first may have done it.
      if (!areThere()) install({ folder, what, afterwards });
      writeFileSync(mark, wanted);
    },
  });
}

function install({ folder, what, afterwards }) {
  say(`installing ${what}, once per checkout (npm ci) …`);
  const started = Date.now();
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
  });
  if (npm.error !== undefined) throw new Error(`npm cannot be started: ${npm.error.message}`, { cause: npm.error });
  if (npm.status !== 0) {
    throw new Error('npm ci failed; its messages are above. Try again once the package registry answers.');
  }
  afterwards();
  say(`packages installed in ${((Date.now() - started) / 1000).toFixed(0)} s`);
}
