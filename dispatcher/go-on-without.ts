import { assertNever } from '../execution/assert-never.ts';
import { decideSuccession, type SuccessionDecision, type SuccessionFacts } from './decide-succession.ts';
import type { DispatcherPorts } from './ports.ts';

/** Has a session go on that waits for an execution which has no record. Does nothing where it waits for another one. */
export async function goOnWithout(
  { executionId: missing, sessionId }: { readonly executionId: string; readonly sessionId: string },
  ports: Pick<DispatcherPorts, 'transact' | 'wantTurns' | 'now'>,
): Promise<void> {
  let next: string | null = null;
  for (;;) {
    const facts: Omit<SuccessionFacts, 'stored'> = { missing, next, now: ports.now() };
    const ids: { sessionId: string; executionId?: string } =
      next === null ? { sessionId } : { sessionId, executionId: next };
    const decision: SuccessionDecision = await ports.transact(ids, (stored) => decideSuccession({ ...facts, stored }));
    switch (decision.kind) {
      case 'look-at':
        next = decision.next;
        break;
      case 'skip':
        next = null;
        break;
      case 'wait-for-turn':
        return ports.wantTurns();
      case 'rest':
      case 'ignore':
        return;
      default:
        return assertNever(decision);
    }
  }
}
