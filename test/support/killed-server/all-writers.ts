import { createFirestoreWriters } from './firestore-writers.ts';
import type { KillWriters } from './kill-loop.ts';
import { createPubsubWriters } from './pubsub-writers.ts';
import { createRunWriters } from './run-writers.ts';
import { createStorageWriters } from './storage-writers.ts';

type Env = Readonly<Record<string, string>>;

/** Writers to all four servers at once, which find them by the variables of `sandbus up`. */
export function createAllWriters(seed: number) {
  const pubsub = createPubsubWriters();
  const firestore = createFirestoreWriters();
  const storage = createStorageWriters(seed);
  const run = createRunWriters();
  const all: ReadonlyArray<readonly [name: string, writers: KillWriters<number>]> = [
    ['PUBSUB_EMULATOR_HOST', pubsub],
    ['FIRESTORE_EMULATOR_HOST', firestore],
    ['STORAGE_EMULATOR_HOST', storage],
    ['CLOUD_RUN_EMULATOR_HOST', run],
  ];
  const portOf = (env: Env, name: string) => Number(env[name]?.split(':').at(-1));
  const writers: KillWriters<Env> = {
    async check(env) {
      const faults = await Promise.all(all.map(([name, each]) => each.check(portOf(env, name))));
      return faults.flat();
    },
    async write(env, life) {
      await Promise.all(all.map(([name, each]) => each.write(portOf(env, name), life)));
    },
  };
  return {
    ...writers,
    counts: () => ({
      ...pubsub.counts(),
      commits: Object.values(firestore.counts()).reduce((a, b) => a + b, 0),
      ...storage.counts(),
      ...run.counts(),
    }),
    drain: (env: Env) => pubsub.drain(portOf(env, 'PUBSUB_EMULATOR_HOST')),
  };
}
