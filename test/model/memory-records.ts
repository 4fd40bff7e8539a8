import { isDeepStrictEqual } from 'node:util';
import { owedEndOf } from '../../execution/owed-end.ts';
import type {
  ExecutionRecord,
  LeaseRecord,
  OutboxRecord,
  RecordWrites,
  SessionRecord,
  StoredRecords,
} from '../../execution/records.ts';
import type { ExecutionStore, RecordIds } from '../../gcp/execution-store.ts';
import type { OutboxStore } from '../../gcp/outbox-store.ts';

/** Records in memory with the contract of the real store, fast enough for thousands of histories. */
export interface MemoryRecords extends ExecutionStore, OutboxStore {
  readonly executions: ReadonlyMap<string, ExecutionRecord>;
  readonly sessions: ReadonlyMap<string, SessionRecord>;
  readonly leases: ReadonlyMap<string, LeaseRecord>;
  /** Executions whose end, stored or owed, was replaced by another or taken back: there must be none. */
  readonly changedEnds: readonly string[];
}

export function createMemoryRecords(): MemoryRecords {
  const executions = new Map<string, ExecutionRecord>();
  const sessions = new Map<string, SessionRecord>();
  const leases = new Map<string, LeaseRecord>();
  const outbox = new Map<string, OutboxRecord>();
  const changedEnds: string[] = [];

  function read(ids: RecordIds): StoredRecords {
    const named = leases.get(ids.leaseId ?? '');
    const execution = executions.get(ids.executionId ?? named?.executionId ?? '');
    const session = sessions.get(ids.sessionId ?? named?.sessionId ?? '');
    const isLaunched = execution?.state === 'launching' || execution?.state === 'running';
    const lease = named ?? (ids.leaseId === undefined && isLaunched ? leases.get(execution.launch.leaseId) : undefined);
    return { ...(execution && { execution }), ...(session && { session }), ...(lease && { lease }) };
  }

  function write({ execution, session, lease, outbox: owed, deletedLeaseId }: RecordWrites): void {
    if (execution) {
      const before = executions.get(execution.executionId);
      const owed = before === undefined ? null : owedEndOf(before);
      if (owed !== null && execution.state !== 'finished' && !isDeepStrictEqual(owed, owedEndOf(execution))) {
        changedEnds.push(execution.executionId);
      }
      const hadEnd = before?.state === 'finished';
      if (hadEnd && !(execution.state === 'finished' && isDeepStrictEqual(before.result, execution.result))) {
        changedEnds.push(execution.executionId);
      }
      executions.set(execution.executionId, execution);
    }
    if (session) sessions.set(session.sessionId, session);
    if (lease) leases.set(lease.leaseId, lease);
    if (owed) outbox.set(owed.executionId, owed);
    if (deletedLeaseId) leases.delete(deletedLeaseId);
  }

  const pageOf = <T>(all: readonly T[], limit: number, after: T | undefined) =>
    all.slice(after === undefined ? 0 : all.indexOf(after) + 1).slice(0, limit);

  return {
    ...{ executions, sessions, leases, changedEnds },
    async transact(ids, decide) {
      const decision = decide(read(ids));
      if (decision.writes) write(decision.writes);
      return decision;
    },
    async findExpiredLeases(now, limit, after) {
      const expired = [...leases.values()].filter(({ expiresAt }) => expiresAt <= now);
      return pageOf(
        expired.toSorted((a, b) => a.expiresAt - b.expiresAt),
        limit,
        after,
      );
    },
    async findOwedEnds(owedBefore, limit, after) {
      const owed = [...executions.values()].flatMap((execution) => {
        const { owedAt = owedBefore } = owedEndOf(execution) ?? {};
        return owedAt < owedBefore ? [{ execution, owedAt }] : [];
      });
      return pageOf(
        owed.toSorted((a, b) => a.owedAt - b.owedAt).map(({ execution }) => execution),
        limit,
        after,
      );
    },
    async findEndedGaps(now, limit) {
      return [...sessions.values()].filter(({ gapEndsAt }) => (gapEndsAt ?? Number.NaN) <= now).slice(0, limit);
    },
    async findOwed(storedBefore, limit, after) {
      const owed = [...outbox.values()].filter(({ storedAt }) => storedAt < storedBefore);
      return pageOf(
        owed.toSorted((a, b) => a.storedAt - b.storedAt),
        limit,
        after,
      );
    },
    settle: async (executionId) => void outbox.delete(executionId),
  };
}
