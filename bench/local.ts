/*
 * Throughput and latency of the local servers with Google's Node clients, beside Google's emulators for Pub/Sub and
 * Firestore where the Google Cloud CLI has them, as ratios, because machines differ. All servers are processes of their own.
 *
 *   node bench/local.ts [--smoke]
 *
 * --smoke does a little of everything and leaves Google's emulators out.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { findFreePort } from '../local/free-port.ts';
import { measureFirestore } from './measure-firestore.ts';
import { measurePubsub } from './measure-pubsub.ts';
import { measureStorage } from './measure-storage.ts';
import type { Measured } from './measured.ts';

const { values } = parseArgs({ options: { smoke: { type: 'boolean', default: false } } });
const scale = values.smoke ? 0.02 : 1;
const emulatorStartMs = 30_000;
process.env.METADATA_SERVER_DETECTION = 'none';

const say = (text: string) => process.stdout.write(`${text}\n`);
const children: ChildProcess[] = [];

async function startOwn(): Promise<Readonly<Record<string, string>>> {
  const main = join(import.meta.dirname, '../cli/main.ts');
  const args = ['--disable-warning=ExperimentalWarning', main, 'up', '--json', '--only', 'pubsub,firestore,storage'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = await once(child.stdout, 'data');
  return JSON.parse(String(line)).env;
}

/** Where the Google Cloud CLI keeps an emulator; null when it is not installed. */
function findEmulator(path: string): string | null {
  try {
    const root = execFileSync('gcloud', ['info', '--format=value(installation.sdk_root)'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    });
    const program = join(root.trim(), 'platform', path);
    return existsSync(program) ? program : null;
  } catch {
    return null; // no CLI, no emulator
  }
}

const listens = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy() !== null));
    socket.once('error', () => resolve(false));
  });

/** Starts an emulator of Google and gives its address; null, with a word about it, when there is none. */
async function startGoogle(what: string, path: string, args: readonly string[]): Promise<string | null> {
  const program = values.smoke ? null : findEmulator(path);
  if (program === null) {
    say(
      `Google's ${what} emulator: ${values.smoke ? 'left out by --smoke' : 'not installed, nothing to compare with'}`,
    );
    return null;
  }
  const port = await findFreePort();
  // Its own group: the program is a script around Java.
  const child = spawn(program, [...args, '--host=127.0.0.1', `--port=${port}`], { stdio: 'ignore', detached: true });
  children.push(child);
  const deadline = performance.now() + emulatorStartMs;
  while (!(await listens(port))) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`${program} did not start`);
    await delay(100);
  }
  return `127.0.0.1:${port}`;
}

async function stopAll(): Promise<void> {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, 'exit');
    if (child.spawnfile === process.execPath) child.kill('SIGTERM');
    else process.kill(-(child.pid ?? Number.NaN), 'SIGKILL');
    await ended;
  }
}

/** Above 1 the local server is better, be it a rate or a time. */
const ratio = (own: Measured, google: Measured) =>
  own.unit === '/s' ? own.value / google.value : google.value / own.value;

function print(title: string, own: readonly Measured[], google: readonly Measured[] | null): void {
  say(`\n${title}${google === null ? '' : '   (ratio: how much better than Google’s emulator, same run)'}`);
  for (const row of own) {
    const other = google?.find(({ what }) => what === row.what);
    const beside = other ? `${ratio(row, other).toFixed(1).padStart(7)} ×   ${show(other)}` : '';
    say(`  ${row.what.padEnd(36)} ${show(row)}  ${beside}`.trimEnd());
  }
}

const show = ({ value, unit }: Measured) => `${value.toFixed(unit === '/s' ? 0 : 1).padStart(8)} ${unit.padEnd(3)}`;

try {
  const own = await startOwn();
  const project = own.GOOGLE_CLOUD_PROJECT ?? '';
  const pubsub = await startGoogle('Pub/Sub', 'pubsub-emulator/bin/cloud-pubsub-emulator', []);
  const ownPubsub = await measurePubsub(project, own.PUBSUB_EMULATOR_HOST ?? '', scale);
  print('Pub/Sub', ownPubsub, pubsub === null ? null : await measurePubsub(project, pubsub, scale));
  const firestore = await startGoogle('Firestore', 'cloud-firestore-emulator/cloud_firestore_emulator', ['start']);
  const ownFirestore = await measureFirestore(project, own.FIRESTORE_EMULATOR_HOST ?? '', scale);
  print('Firestore', ownFirestore, firestore === null ? null : await measureFirestore(project, firestore, scale));
  print(
    'Storage (Google has no emulator)',
    await measureStorage(project, own.STORAGE_EMULATOR_HOST ?? '', scale),
    null,
  );
} finally {
  await stopAll();
}
