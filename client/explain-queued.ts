import { type CapacityFacts, explainWaiting, type WaitReason } from '../execution/explain-waiting.ts';
import type { ExecutionRecord, WaitingTurn } from '../execution/records.ts';
import { parseTenant } from '../schemas/parse-tenant.ts';
import type { ClientPorts } from './client-ports.ts';

const minute = 60_000;

/** Gathers what an explanation needs. The records are read one after the other, so they may disagree for a moment. */
export async function explainQueued(execution: ExecutionRecord, ports: ClientPorts): Promise<readonly WaitReason[]> {
  if (execution.state !== 'queued') return [];
  const session = await ports.getSession(execution.sessionId);
  const now = ports.now();
  const waiting = session?.waiting;
  if (waiting === undefined) return explainWaiting({ execution, session, capacity: null, refusals: 0, now });
  const [capacity, active] = await Promise.all([
    readCapacity(waiting, ports),
    waiting.executionId === execution.executionId ? execution : ports.getExecution(waiting.executionId),
  ]);
  return explainWaiting({ execution, session, capacity, refusals: active?.turn?.refusals ?? 0, now });
}

async function readCapacity(waiting: WaitingTurn, ports: ClientPorts): Promise<CapacityFacts> {
  const { tenantId } = waiting;
  const since = ports.now() - minute;
  const [total, tenant, aheadOfTenant, ofTenant, ofAll, document, deployment] = await Promise.all([
    ports.countLoad(null, since),
    ports.countLoad(tenantId, since),
    ports.countWaiting(waiting),
    ports.countWaiting({ tenantId, rankAt: endOfTime }),
    ports.countWaiting(),
    ports.readTenant(tenantId),
    ports.readLimits(),
  ]);
  const ofOtherTenants = Math.max(0, ofAll - ofTenant);
  return { total, tenant, aheadOfTenant, ofOtherTenants, document: parseTenant(document).limits, deployment };
}

/** The latest time that Firestore knows. */
const endOfTime = Date.UTC(9999, 11, 31);
