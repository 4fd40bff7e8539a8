import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';

export interface StartedServer {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/** The program of Google's own Pub/Sub emulator, or null where the Google Cloud CLI or the emulator is not installed. */
export function findGoogleEmulator(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  if (!folders.some((folder) => existsSync(join(folder, 'gcloud')))) return null;
  const info = spawnSync('gcloud', ['info', '--format=value(installation.sdk_root)'], { encoding: 'utf8' });
  const program = join(info.stdout.trim(), 'platform', 'pubsub-emulator', 'bin', 'cloud-pubsub-emulator');
  return info.status === 0 && existsSync(program) ? program : null;
}

/** Starts the emulator on a free loopback port; resolves when it listens. */
export async function startGoogleEmulator(program: string): Promise<StartedServer> {
  const port = await findFreePort();
  const child = spawn(program, ['--host=127.0.0.1', `--port=${port}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (line.includes('listening on')) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Google's emulator ended with ${code} before it listened`)));
  });
  return {
    host: '127.0.0.1',
    port,
    async close() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address() as { readonly port: number };
      probe.close(() => resolve(address.port));
    });
  });
}
