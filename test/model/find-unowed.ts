import { owedEndOf } from '../../execution/owed-end.ts';
import type { ExecutionRecord } from '../../execution/records.ts';
import type { MemoryRecords } from './memory-records.ts';

/**
 * Executions that nobody looks after: each one waits in its session, has its turn there, holds a lease, has ended, or owes an
 * end that the sweep publishes. There must be none, whatever happened and whatever is lost from now on.
 */
export function findUnowed({ executions, sessions, leases }: MemoryRecords): readonly string[] {
  return [...executions.values()]
    .filter((execution) => !isLookedAfter(execution))
    .map(({ executionId, state }) => `nobody looks after ${executionId}, which is ${state}`);

  function isLookedAfter(execution: ExecutionRecord): boolean {
    const { executionId, sessionId, state } = execution;
    const session = sessions.get(sessionId);
    const hasTurn = session?.active === executionId;
    const waits =
      session?.queued.includes(executionId) === true ||
      session?.held?.some((one) => one.executionId === executionId && !one.isCancelled) === true;
    switch (state) {
      case 'finished':
        return true;
      case 'rejected':
        return owedEndOf(execution) !== null;
      case 'queued':
        return hasTurn || waits || owedEndOf(execution) !== null;
      case 'launching':
      case 'running':
        return hasTurn && leases.has(execution.launch.leaseId);
      default:
        throw new Error(`no such state: ${JSON.stringify(state satisfies never)}`);
    }
  }
}

/** Records that Firestore may delete though something still needs them. */
export function findMortal({ executions, sessions, leases }: MemoryRecords): readonly string[] {
  const live = [...executions.values()].filter(({ state }) => state !== 'finished');
  const needed = new Set(live.map(({ sessionId }) => sessionId));
  return [
    ...live.filter((execution) => 'expireAt' in execution).map(({ executionId }) => `${executionId} may be deleted`),
    ...[...sessions.values()]
      .filter(({ active, queued, expireAt }) => expireAt !== undefined && (active !== null || queued.length > 0))
      .map(
        ({ sessionId }) => `${sessionId} may be deleted, ${needed.has(sessionId) ? 'and is needed' : 'and has a turn'}`,
      ),
    ...[...leases.values()].filter((lease) => 'expireAt' in lease).map(({ leaseId }) => `${leaseId} may be deleted`),
  ];
}
