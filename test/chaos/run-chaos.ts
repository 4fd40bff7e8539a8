import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeadLetterRecord } from '../../execution/records.ts';
import { createFirestoreClient } from '../../gcp/firestore-client.ts';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { createPublisher } from '../../gcp/publisher.ts';
import { createPubsubClient } from '../../gcp/pubsub-client.ts';
import { topics } from '../../infra/topology.ts';
import { findExecutors } from '../support/executor-processes.ts';
import { type Random, seededRandom } from '../support/seeded-random.ts';
import { type Ledger, makeLedger } from './ledger.ts';
import { insist, startLoad } from './load.ts';
import type { Kill, Sample } from './picture.ts';
import { describeEnd, readEffects, readStored, type Stored } from './read-facts.ts';
import { notificationsSubscription, startWorld, type World } from './world.ts';

export interface ChaosOptions {
  /** Holds the servers' data, the logs of all programs and the file in which commands count. */
  readonly folder: string;
  readonly loadMs: number;
  readonly killEveryMs: number;
  /** How long what was asked may take to end once nothing is killed any more. */
  readonly settleMs: number;
  readonly sessions: number;
  readonly seed: number;
  readonly say: (text: string) => void;
}

export interface ChaosReport {
  readonly ledger: Ledger;
  readonly samples: readonly Sample[];
  readonly kills: readonly Kill[];
  /** Programs that ended although nobody killed them, and how often. */
  readonly ownEnds: Readonly<Record<string, number>>;
}

const services = ['dispatcher', 'result-collector-1', 'result-collector-2', 'dead-letter'];
const sampleMs = 1000;
const lookMs = 1000;

/** Loads the pipeline, kills its processes at random, lets it come to rest and takes stock. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { folder, loadMs, killEveryMs, sessions, seed, say } = options;
  mkdirSync(folder, { recursive: true });
  const counter = join(folder, 'effects');
  writeFileSync(counter, '');
  const random = seededRandom(seed);
  const world = await startWorld(folder, services);
  const google = readGoogleConfig(world.env);
  const pubsub = createPubsubClient(google);
  const firestore = createFirestoreClient(google);
  const publisher = createPublisher(pubsub);
  const notified = new Set<string>();
  const listening = pubsub.subscription(notificationsSubscription);
  listening.on('message', (message) => {
    notified.add(JSON.parse(message.data.toString()).executionId);
    message.ack();
  });
  listening.on('error', (error) => say(`announcements are not heard: ${error.message}`));
  const timers: NodeJS.Timeout[] = [];
  try {
    const startedAt = performance.now();
    const at = () => (performance.now() - startedAt) / 1000;
    say(`up; ${sessions} sessions for ${loadMs / 1000} s, a kill every ${killEveryMs / 1000} s, seed ${seed}`);
    const load = startLoad({
      ...{ sessions, publisher, random, counter, notified },
      isOver: () => at() * 1000 >= loadMs,
    });
    const samples: Sample[] = [];
    const kills: Kill[] = [];
    const takeSample = () => samples.push({ at: at(), published: load.asked.length, announced: notified.size });
    timers.push(setInterval(takeSample, sampleMs));
    const killer = setInterval(() => {
      const target = killOne(world, random);
      if (target === null) return;
      kills.push({ at: at(), target });
      say(`${at().toFixed(0)} s: killed ${target}; ${load.asked.length} asked, ${notified.size} announced`);
    }, killEveryMs);
    timers.push(killer);
    await load.done;
    clearInterval(killer);
    await Promise.all(world.processes.map((one) => one.up()));
    say(`${at().toFixed(0)} s: the load is over, ${load.asked.length} asked; waiting for rest`);

    const replay = createReplayer(counter, (data) => publisher.publish(topics.replays, { data, attributes: {} }));
    const look = async () => {
      const stored = await insist('read the documents', () => readStored(firestore));
      for (const deadLetter of stored.deadLetters) await insist('publish a replay', () => replay(deadLetter));
      const executorsLeft = findExecutors(world.env.PUBSUB_EMULATOR_HOST ?? '').length;
      const { asked, garbage } = load;
      return makeLedger({
        ...{ asked, garbage, notified, executorsLeft, ...describeStored(stored) },
        effects: readEffects(counter),
      });
    };
    const ledger = await settle(look, options.settleMs);
    takeSample();
    return {
      ...{ ledger, samples, kills },
      ownEnds: Object.fromEntries(world.processes.map(({ name, ownEnds }) => [name, ownEnds])),
    };
  } finally {
    for (const timer of timers) clearInterval(timer);
    await listening.close();
    await publisher.close();
    await firestore.terminate();
    await world.close();
  }
}

function describeStored({ executions, sessions, leases, deadLetters }: Stored) {
  return {
    ended: executions.map(describeEnd),
    leases: leases.map(({ leaseId }) => leaseId),
    busySessions: sessions
      .filter(({ active, queued }) => active !== null || queued.length > 0)
      .map(({ sessionId }) => sessionId),
    deadLetters: deadLetters.map(({ executionId = null, code, state }) => ({
      ...{ executionId, code },
      isReplayed: state === 'replayed',
    })),
  };
}

/** Kills a process of the world or an executor, each kind as likely as another; null when it chose one that is down. */
function killOne({ processes, env }: World, random: Random): string | null {
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  const choice = pick([...processes, null, null, null]);
  if (choice) return choice.kill() ? choice.name : null;
  const executor = pick(findExecutors(env.PUBSUB_EMULATOR_HOST ?? ''));
  if (executor === undefined) return null;
  try {
    process.kill(executor, 'SIGKILL');
    return 'executor';
  } catch {
    return null; // it has ended meanwhile
  }
}

/**
 * Has each broken request replayed with its mistake mended, asked for twice as an impatient operator does. One that was
 * published twice has two dead letters, and each replay is a run of its own: only one of them is replayed.
 */
function createReplayer(counter: string, publish: (data: Uint8Array) => Promise<unknown>) {
  const chosen = new Map<string, string>();
  return async ({ deadLetterId, executionId = null, code, state }: DeadLetterRecord): Promise<void> => {
    if (code !== 'message/invalid' || executionId === null || state === 'replayed') return;
    if (!chosen.has(executionId)) chosen.set(executionId, deadLetterId);
    if (chosen.get(executionId) !== deadLetterId) return;
    const command = `echo ${executionId} >> ${counter}; echo ${executionId} >> history; wc -l < history`;
    const order = { replayId: `mend-${executionId}`, deadLetterId, reason: 'a typo', set: { command, comand: null } };
    const data = Buffer.from(JSON.stringify(order));
    await publish(data);
    await publish(data);
  };
}

/** Looks again until nothing is wrong or the time is over. */
async function settle(look: () => Promise<Ledger>, settleMs: number): Promise<Ledger> {
  const deadline = performance.now() + settleMs;
  for (;;) {
    const ledger = await look();
    const isAtRest = Object.values(ledger.mustBeEmpty).every((wrongs) => wrongs.length === 0);
    if (isAtRest || performance.now() > deadline) return ledger;
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}
