import { setTimeout as sleep } from 'node:timers/promises';
import { describeOverdue, mayStay, type Overdue, type OverdueKind } from '../execution/overdue.ts';
import type { ExecutionState } from '../execution/records.ts';
import { topics } from '../infra/topology.ts';
import type { Status } from '../schemas/generated/messages.ts';
import type { ClientPorts } from './client-ports.ts';
import { summarize } from './executions.ts';
import { sendMessage } from './send-message.ts';

export interface SweepOptions {
  /** Only look. */
  readonly dryRun?: boolean;
  /** How long to wait for what was found to be seen to; half a minute when absent. */
  readonly waitMs?: number;
  /** Ends the waiting. The round goes on. */
  readonly signal?: AbortSignal;
}

/** Something that somebody should have seen to, and what became of it. */
export interface Swept {
  readonly kind: OverdueKind;
  readonly executionId: string;
  readonly sessionId: string;
  readonly since: Date;
  /** Whether it was seen to by the end of the waiting; null when nothing was asked for. */
  readonly isDone: boolean | null;
  /** The execution now; null when it has no record. */
  readonly state: ExecutionState | null;
  readonly status: Status | null;
  /** Number of its last launch. */
  readonly generation: number | null;
}

export interface SweepReport {
  readonly dryRun: boolean;
  /** Longest overdue first. */
  readonly found: readonly Swept[];
}

type SweepPorts = Pick<ClientPorts, 'findOverdue' | 'getExecution' | 'publish' | 'now' | 'newId'>;

/** Of each kind as many are looked at as that. The services' own sweep knows no such limit. */
const maxOfAKind = 500;
const lookEveryMs = 500;

/**
 * Asks for one round of the sweep, as the schedule does, and tells what it found and what became of it. The services do the
 * work: what is not done in the end will be when they run. What waits for capacity, or for a replay, is not waited for.
 */
export async function sweepNow(ports: SweepPorts, options: SweepOptions = {}): Promise<SweepReport> {
  const { dryRun = false, waitMs = 30_000, signal } = options;
  const look = async () => describeOverdue(await ports.findOverdue(ports.now(), maxOfAKind));
  const found = await look();
  if (dryRun) return { dryRun, found: await Promise.all(found.map((one) => describe(one, null, ports))) };
  await sendMessage(ports, topics.sweep, {
    name: 'sweep.v1',
    ...{ message: { requestedAt: new Date(ports.now()).toISOString() }, id: ports.newId() },
  });
  const patience = AbortSignal.any([AbortSignal.timeout(waitMs), ...(signal === undefined ? [] : [signal])]);
  let left = found;
  while (left.some(({ kind }) => !mayStay(kind)) && !patience.aborted) {
    // Rejects only when the patience is over.
    await sleep(lookEveryMs, undefined, { signal: patience }).catch(() => {});
    left = stillOverdue(found, await look());
  }
  const isLeft = new Set(left);
  return { dryRun, found: await Promise.all(found.map((one) => describe(one, !isLeft.has(one), ports))) };
}

/** Those of the found that are found again: since the same time, as a relaunch that is overdue again is another matter. */
const stillOverdue = (found: readonly Overdue[], now: readonly Overdue[]): readonly Overdue[] => {
  const nameOf = ({ kind, executionId, sinceAt }: Overdue) => JSON.stringify([kind, executionId, sinceAt]);
  const names = new Set(now.map(nameOf));
  return found.filter((one) => names.has(nameOf(one)));
};

async function describe({ sinceAt, ...one }: Overdue, isDone: boolean | null, ports: SweepPorts): Promise<Swept> {
  const record = await ports.getExecution(one.executionId);
  const { state, status, generation } =
    record === null ? { state: null, status: null, generation: null } : summarize(record);
  return { ...one, since: new Date(sinceAt), isDone, state, status, generation };
}
