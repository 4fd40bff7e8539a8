import { randomUUID } from 'node:crypto';
import { createCapacity } from '../../dispatcher/capacity.ts';
import { decideClaim } from '../../dispatcher/lease-api/decide-claim.ts';
import type { DispatcherPorts } from '../../dispatcher/ports.ts';
import type { Delivery } from '../../execution/delivery.ts';
import { defaultLimits } from '../../execution/limits.ts';
import type { LaunchingExecution } from '../../execution/records.ts';
import type { DeploymentLimits } from '../../execution/tenant-limits.ts';
import type { Log } from '../../logging/logger.ts';
import type { CompletionEvent, WakeUp } from '../../schemas/generated/messages.ts';
import { launchPolicy, retentionMs, t0 } from './records.ts';
import type { RecordsStore } from './records-store.ts';

export const dispatchPolicy = {
  ...launchPolicy,
  maxQueued: 100,
  maxGapMs: 1000,
  postponeMs: 100,
  maxLaunches: 3,
  retentionMs,
  clockToleranceMs: 0,
  ceilings: defaultLimits,
  networks: ['none'] as const,
};

const plenty = { maxRunning: 1_000_000, startsPerMinute: 1_000_000 };
const amplePolicy: DeploymentLimits = { total: plenty, tenant: { ...plenty, weight: 1, maxQueued: 1_000_000 } };

export interface DispatcherWorld {
  readonly ports: DispatcherPorts;
  /** Every launch that was asked for, in order. */
  readonly launches: LaunchingExecution[];
  readonly completions: CompletionEvent[];
  readonly wakeUps: WakeUp[];
  readonly logged: { readonly message: string; readonly fields: unknown }[];
  readonly deadLetters: { readonly code: string; readonly reason: string }[];
  /** Moves the clock of the ports. */
  advance(ms: number): void;
  /** One round of turns to those that wait for capacity; their wake-ups are in `wakeUps`. */
  giveTurns(): Promise<boolean>;
  /** Resolves when nothing is counted any more. */
  settled(): Promise<void>;
  /** Starts `jobsPerLaunch` jobs for each launch; resolves with the owners that were granted their claim. */
  startJobs(jobsPerLaunch: number): Promise<readonly string[]>;
}

/** The dispatcher's outside: the real store, and a record of what else it asked for. */
export function createDispatcherWorld(
  { store, capacity: counts }: Pick<RecordsStore, 'store' | 'capacity'>,
  limits: DeploymentLimits = amplePolicy,
): DispatcherWorld {
  let now = t0;
  const launches: LaunchingExecution[] = [];
  const completions: CompletionEvent[] = [];
  const wakeUps: WakeUp[] = [];
  const deadLetters: { code: string; reason: string }[] = [];
  const wake = async (wakeUp: WakeUp) => void wakeUps.push(wakeUp);
  const logged: DispatcherWorld['logged'] = [];
  const log: Log = (_severity, message, fields) => void logged.push({ message, fields });
  const capacity = createCapacity({ ...counts, wake, log, now: () => now }, limits);
  const claim = async (leaseId: string) => {
    const owner = randomUUID();
    const decision = await store.transact({ leaseId }, (stored) =>
      decideClaim({ stored, owner, cloudRunExecution: null, now }, { leaseMs: 1000 }),
    );
    return decision.kind === 'granted' ? [owner] : [];
  };
  return {
    launches,
    completions,
    wakeUps,
    logged,
    deadLetters,
    advance: (ms) => {
      now += ms;
    },
    giveTurns: capacity.giveTurns,
    settled: capacity.settled,
    async startJobs(jobsPerLaunch) {
      const jobs = launches.flatMap(({ launch }) => Array.from({ length: jobsPerLaunch }, () => claim(launch.leaseId)));
      return (await Promise.all(jobs)).flat();
    },
    ports: {
      transact: store.transact,
      launch: async (execution) => void launches.push(execution),
      publishCompletion: async (event) => void completions.push(event),
      deadLetter: async (_delivery, code, reason) => void deadLetters.push({ code, reason }),
      storeRequest: async (object, bytes) => ({ object, bytes: bytes.byteLength, sha256: 'a'.repeat(64) }),
      findEndedGaps: store.findEndedGaps,
      readTenant: counts.readTenant,
      roomFor: capacity.roomFor,
      refused: capacity.refused,
      wantTurns: () => {},
      wake,
      now: () => now,
      newId: randomUUID,
    },
  };
}

export const aDelivery = (message: unknown, fields: Partial<Delivery> = {}): Delivery => ({
  data: Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)),
  attributes: {},
  messageId: '1',
  publishedAt: t0,
  orderingKey: '',
  deliveryAttempt: 1,
  subscription: 'test',
  ...fields,
});
