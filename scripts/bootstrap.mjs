// Runs a program of this project on the Node that the project pins, from any state of the checkout.
//
//   node scripts/bootstrap.mjs <program.ts> [arguments…]
//
// This file must run on Node 20 with nothing installed, so it imports only node: modules and a file that does the same,
// and is plain JavaScript.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { ensurePackages, say } from './packages.js';

const root = join(import.meta.dirname, '..');
const modules = join(root, 'node_modules');
const minimumNode = 24;

const fail = (text) => {
  say(text);
  process.exit(1);
};

const pinnedPackage = `node-${process.platform}-${process.arch}`;

/** npm 10 does not link a program called node; without the link `npx node` would be the system's. */
function linkNode() {
  const link = join(modules, '.bin', 'node');
  if (existsSync(link) || !existsSync(join(modules, pinnedPackage))) return;
  symlinkSync(join('..', pinnedPackage, 'bin', 'node'), link);
}

function findNode() {
  const pinned = join(modules, pinnedPackage, 'bin', 'node');
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= minimumNode) return process.execPath;
  return fail(
    `Node ${minimumNode} or newer is needed: this is ${process.version} and no pinned build exists for ${process.platform}-${process.arch}.`,
  );
}

/** The wall. Only programs that run commands need it, so a client-only machine is never asked for it. */
function ensureBubblewrap() {
  const has = () => spawnSync('bwrap', ['--version'], { stdio: 'ignore' }).status === 0;
  if (process.platform !== 'linux' || has()) return;
  const isRoot = process.getuid?.() === 0;
  const hasSudo = !isRoot && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  const hasApt = spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;
  if (!hasApt || (!isRoot && !hasSudo)) {
    fail(
      'bubblewrap is needed to isolate commands and cannot be installed from here. Run: sudo apt-get install bubblewrap',
    );
  }
  say('installing bubblewrap, the wall around commands (apt-get) …');
  const apt = (...args) =>
    spawnSync(isRoot ? 'apt-get' : 'sudo', [...(isRoot ? [] : ['-n', 'apt-get']), '-qq', ...args], {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  apt('update');
  apt('install', '-y', '--no-install-recommends', 'bubblewrap');
  if (!has()) fail('bubblewrap could not be installed. Run: sudo apt-get install bubblewrap');
}

const [program, ...args] = process.argv.slice(2);
if (program === undefined) fail('usage: node scripts/bootstrap.mjs <program.ts> [arguments…]');
try {
  ensurePackages({ folder: root, what: 'packages, about 430 MB with Node 24', afterwards: linkNode });
} catch (error) {
  fail(error.message);
}
if (['local/main.ts', 'scripts/test.ts', 'scripts/check.ts'].includes(program)) ensureBubblewrap();

const child = spawn(findNode(), ['--disable-warning=ExperimentalWarning', join(root, program), ...args], {
  stdio: 'inherit',
  // Compiled code is kept between runs: programs start several times faster.
  env: { NODE_COMPILE_CACHE: join(modules, '.cache', 'compile'), ...process.env },
});
// The terminal sends Ctrl-C to the whole foreground group; a supervisor sends TERM to this process alone.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(signal === null ? code : 128 + (signal === 'SIGINT' ? 2 : 15)));
