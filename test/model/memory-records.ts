import { isDeepStrictEqual } from 'node:util';
import type {
  ExecutionRecord,
  LeaseRecord,
  RecordWrites,
  SessionRecord,
  StoredRecords,
} from '../../execution/records.ts';
import type { ExecutionStore, RecordIds } from '../../gcp/execution-store.ts';

/** Records in memory with the contract of the real store, fast enough for thousands of histories. */
export interface MemoryRecords extends ExecutionStore {
  readonly executions: ReadonlyMap<string, ExecutionRecord>;
  readonly sessions: ReadonlyMap<string, SessionRecord>;
  readonly leases: ReadonlyMap<string, LeaseRecord>;
  /** Executions whose end was replaced by another: there must be none. */
  readonly changedEnds: readonly string[];
}

export function createMemoryRecords(): MemoryRecords {
  const executions = new Map<string, ExecutionRecord>();
  const sessions = new Map<string, SessionRecord>();
  const leases = new Map<string, LeaseRecord>();
  const changedEnds: string[] = [];

  function read(ids: RecordIds): StoredRecords {
    const named = leases.get(ids.leaseId ?? '');
    const execution = executions.get(ids.executionId ?? named?.executionId ?? '');
    const session = sessions.get(ids.sessionId ?? named?.sessionId ?? '');
    const isLaunched = execution?.state === 'launching' || execution?.state === 'running';
    const lease = named ?? (ids.leaseId === undefined && isLaunched ? leases.get(execution.launch.leaseId) : undefined);
    return { ...(execution && { execution }), ...(session && { session }), ...(lease && { lease }) };
  }

  function write({ execution, session, lease, deletedLeaseId }: RecordWrites): void {
    if (execution) {
      const before = executions.get(execution.executionId);
      const hadEnd = before?.state === 'finished';
      if (hadEnd && !(execution.state === 'finished' && isDeepStrictEqual(before.result, execution.result))) {
        changedEnds.push(execution.executionId);
      }
      executions.set(execution.executionId, execution);
    }
    if (session) sessions.set(session.sessionId, session);
    if (lease) leases.set(lease.leaseId, lease);
    if (deletedLeaseId) leases.delete(deletedLeaseId);
  }

  return {
    ...{ executions, sessions, leases, changedEnds },
    async transact(ids, decide) {
      const decision = decide(read(ids));
      if (decision.writes) write(decision.writes);
      return decision;
    },
    async findExpiredLeases(now, limit) {
      return [...leases.values()]
        .filter(({ expiresAt }) => expiresAt <= now)
        .toSorted((a, b) => a.expiresAt - b.expiresAt)
        .slice(0, limit);
    },
  };
}
