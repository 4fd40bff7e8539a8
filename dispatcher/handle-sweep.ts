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
  ports: Pick<DispatcherPorts, 'findEndedGaps' | 'findWaiting' | 'wake' | 'now'>,
): Promise<Disposition> {
  const now = ports.now();
  const [gaps, waiting] = await Promise.all([
    ports.findEndedGaps(now, sessionsPerRound),
    ports.findWaiting(now, sessionsPerRound),
  ]);
  await Promise.all([
    ...gaps.map((session) => {
      const executionId = firstHeld(session);
      const { sessionId } = session;
      return executionId === null ? undefined : ports.wake({ sessionId, executionId, reason: 'gap-over' });
    }),
    ...waiting.map(({ sessionId, waiting: turn }) =>
      turn === undefined ? undefined : ports.wake({ sessionId, executionId: turn.executionId, reason: 'turn' }),
    ),
  ]);
  return ack;
}
