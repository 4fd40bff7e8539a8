import { ack, type Disposition } from '../execution/delivery.ts';
import { firstHeld } from '../execution/session-sequence.ts';
import type { DispatcherPorts } from './ports.ts';

/** Sessions that one round looks at; the rest is still there for the next. */
const sessionsPerRound = 100;

/**
 * One round of the dispatcher's sweep: whatever arrives asks for it. It only sends wake-ups, whose handling is decided in
 * a transaction, so it may run in several places at once and die at any point. What is malformed is dead-lettered by the
 * other reader of the topic.
 */
export async function handleSweep(
  ports: Pick<DispatcherPorts, 'findEndedGaps' | 'wantTurns' | 'wake' | 'now'>,
): Promise<Disposition> {
  ports.wantTurns();
  const gaps = await ports.findEndedGaps(ports.now(), sessionsPerRound);
  const wakes = gaps.map((session) => {
    const executionId = firstHeld(session);
    const { sessionId } = session;
    return executionId === null ? undefined : ports.wake({ sessionId, executionId, reason: 'gap-over' });
  });
  await Promise.all(wakes);
  return ack;
}
