import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { startLocalServers } from '../../local/servers.ts';
import { findGoogleEmulator, googleEmulators, startGoogleEmulator } from '../support/google-emulators.ts';

/** What stands at the two addresses of the emulators, each by its port of loopback. */
export interface Emulators {
  readonly pubsub: number;
  readonly firestore: number;
  close(): Promise<void>;
}

const portOf = (address = '') => Number(address.split(':').at(-1));

async function startOwn(): Promise<Emulators> {
  const folder = mkdtempSync(join(tmpdir(), 'sandbus-emulators-'));
  const servers = await startLocalServers({ folder, only: ['pubsub', 'firestore'] });
  return {
    pubsub: portOf(servers.env.PUBSUB_EMULATOR_HOST),
    firestore: portOf(servers.env.FIRESTORE_EMULATOR_HOST),
    async close() {
      await servers.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const programs = {
  pubsub: findGoogleEmulator(googleEmulators.pubsub),
  firestore: findGoogleEmulator(googleEmulators.firestore),
};
const areInstalled = programs.pubsub !== null && programs.firestore !== null;

async function startGoogles(): Promise<Emulators> {
  const pubsub = await startGoogleEmulator(googleEmulators.pubsub, programs.pubsub ?? '');
  const firestore = await startGoogleEmulator(googleEmulators.firestore, programs.firestore ?? '');
  return {
    ...{ pubsub: pubsub.port, firestore: firestore.port },
    async close() {
      await Promise.all([pubsub.close(), firestore.close()]);
    },
  };
}

/** Declares the same tests on the servers of this project and on Google's emulators; skipped where these are not installed. */
export function onEachPair(title: string, declareTests: (start: () => Promise<Emulators>) => void): void {
  describe(`${title}, on the servers of this project`, () => declareTests(startOwn));
  const onGoogles = `${title}, on Google's emulators`;
  const group = () => declareTests(startGoogles);
  const missing = 'not installed: gcloud components install pubsub-emulator cloud-firestore-emulator';
  if (areInstalled) describe(onGoogles, group);
  else describe.skip(`${onGoogles}, ${missing}`, group);
}
