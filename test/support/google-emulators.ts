import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import process from 'node:process';

export interface StartedServer {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/** An emulator that the Google Cloud CLI installs as one of its components. */
export interface GoogleEmulator {
  readonly title: string;
  /** What `gcloud components install` calls it. */
  readonly component: string;
  /** Below `platform` in the CLI's SDK root. */
  readonly program: string;
  readonly args: readonly string[];
  /** What it prints when it takes calls. */
  readonly listening: RegExp;
}

export const googleEmulators = {
  pubsub: {
    title: "Google's Pub/Sub emulator",
    component: 'pubsub-emulator',
    program: 'pubsub-emulator/bin/cloud-pubsub-emulator',
    args: [],
    listening: /listening on/,
  },
  firestore: {
    title: "Google's Firestore emulator",
    component: 'cloud-firestore-emulator',
    program: 'cloud-firestore-emulator/cloud_firestore_emulator',
    args: ['start'],
    listening: /is now running/,
  },
} satisfies Readonly<Record<string, GoogleEmulator>>;

/** The emulator's program, or null where the Google Cloud CLI or the emulator is not installed. */
export function findGoogleEmulator({ program }: GoogleEmulator): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  if (!folders.some((folder) => existsSync(join(folder, 'gcloud')))) return null;
  const info = spawnSync('gcloud', ['info', '--format=value(installation.sdk_root)'], { encoding: 'utf8' });
  const path = join(info.stdout.trim(), 'platform', program);
  return info.status === 0 && existsSync(path) ? path : null;
}

const startWithinMs = 60_000;

/** Below the range that connections of clients take theirs from: whoever is to bind does so seconds after the port was found free. */
const ports = { first: 12_000, count: 18_000 };

export async function findLastingPort(): Promise<number> {
  for (;;) {
    const port = ports.first + Math.floor(Math.random() * ports.count);
    const probe = createServer().listen(port, '127.0.0.1');
    const isFree = await once(probe, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}

/** Starts the emulator on a free loopback port; resolves when it takes calls. */
export async function startGoogleEmulator(emulator: GoogleEmulator, path: string): Promise<StartedServer> {
  const port = await findLastingPort();
  const args = [...emulator.args, '--host=127.0.0.1', `--port=${port}`];
  // A group of its own, as the program may be a script around Java. It ends with the emulator, or with the pipe to this
  // process: a test run that is interrupted leaves none behind.
  const child = spawn('sh', ['-c', '("$@"; kill -9 0) & read -r _; kill -9 0', 'sh', path, ...args], {
    stdio: 'pipe',
    detached: true,
  });
  const ended = once(child, 'exit');
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    // One that cannot bind says so and stays.
    const late = () => {
      process.kill(-(child.pid ?? Number.NaN), 'SIGKILL');
      reject(new Error(`${emulator.title} did not listen in ${startWithinMs} ms: ${printed}`));
    };
    const timer = setTimeout(late, startWithinMs);
    ended.finally(() => clearTimeout(timer)).catch(reject);
    // Read to the end: a full pipe would stop it.
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        printed = (printed + text).slice(-4_000);
        if (!emulator.listening.test(printed)) return;
        clearTimeout(timer);
        resolve();
      });
    }
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`${emulator.title} ended with ${code} before it listened: ${printed}`)),
    );
  });
  return {
    host: '127.0.0.1',
    port,
    async close() {
      process.kill(-(child.pid ?? Number.NaN), 'SIGKILL');
      await ended;
    },
  };
}
