/*
 * Throughput and latency of the local servers with Google's Node clients, beside Google's emulators for Pub/Sub and
 * Firestore where the Google Cloud CLI has them, as ratios, because machines differ. All servers are processes of their own.
 *
 *   npm run bench -- local [--smoke]
 *
 * --smoke does a little of everything and leaves Google's emulators out.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  findGoogleEmulator,
  type GoogleEmulator,
  googleEmulators,
  startGoogleEmulator,
} from '../test/support/google-emulators.ts';
import { measureFirestore } from './measures/measure-firestore.ts';
import { measurePubsub } from './measures/measure-pubsub.ts';
import { measureRun } from './measures/measure-run.ts';
import { measureStorage } from './measures/measure-storage.ts';
import type { Measured } from './measures/measured.ts';

const { values } = parseArgs({ options: { smoke: { type: 'boolean', default: false } } });
const scale = values.smoke ? 0.02 : 1;
process.env.METADATA_SERVER_DETECTION = 'none';

const say = (text: string) => process.stdout.write(`${text}\n`);
const closes: (() => Promise<void>)[] = [];

async function startOwn(): Promise<Readonly<Record<string, string>>> {
  const main = join(import.meta.dirname, '../cli/main.ts');
  const args = ['--disable-warning=ExperimentalWarning', main, 'up', '--json', '--run-calls-per-minute', '60000'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  closes.push(() => stop(child));
  const [line] = await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('sandbus up ended before it was up'))),
  ]);
  return JSON.parse(String(line)).env;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

const stopAll = () => Promise.all(closes.splice(0).map((close) => close()));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stopAll().finally(() => process.exit(1)));
}

type Measure = (address: string) => Promise<readonly Measured[]>;

/** Says which of two servers of one kind failed. */
async function measured(what: string, measurement: Promise<readonly Measured[]>): Promise<readonly Measured[]> {
  return await measurement.catch((cause: unknown) => {
    throw new Error(`measuring ${what} failed`, { cause });
  });
}

/** Measures ours and then Google's, which runs for as long as it is measured. */
async function compare(name: string, emulator: GoogleEmulator, own: string, measure: Measure): Promise<void> {
  const program = values.smoke ? null : findGoogleEmulator(emulator);
  if (program === null) {
    const why = values.smoke ? 'left out by --smoke' : `not installed: gcloud components install ${emulator.component}`;
    print(`${name}   (${emulator.title}: ${why})`, await measured(`our ${name}`, measure(own)), null);
    return;
  }
  const ours = await measured(`our ${name}`, measure(own));
  const google = await startGoogleEmulator(emulator, program);
  closes.push(google.close);
  print(name, ours, await measured(emulator.title, measure(`${google.host}:${google.port}`)));
  closes.pop();
  await google.close();
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
  const address = (name: string) => own[name] ?? '';
  await compare('Pub/Sub', googleEmulators.pubsub, address('PUBSUB_EMULATOR_HOST'), (at) =>
    measurePubsub(project, at, scale),
  );
  await compare('Firestore', googleEmulators.firestore, address('FIRESTORE_EMULATOR_HOST'), (at) =>
    measureFirestore(project, at, scale),
  );
  const storage = await measureStorage(project, address('STORAGE_EMULATOR_HOST'), scale);
  print('Cloud Storage   (Google has no emulator)', storage, null);
  const run = { address: address('CLOUD_RUN_EMULATOR_HOST'), restUrl: address('CLOUD_RUN_REST_URL') };
  print('Cloud Run jobs   (Google has no emulator)', await measureRun(project, run, scale), null);
} finally {
  await stopAll();
}
