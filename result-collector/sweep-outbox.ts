import type { ExecutionRecord, OutboxRecord, StoredRecords } from '../execution/records.ts';
import { announce } from './announce.ts';
import type { SweeperPorts } from './ports.ts';
import { sweepPages } from './sweep-pages.ts';

/** How long whoever stored an outcome may take to announce it before the sweeper does. */
export const owedAfterMs = 10_000;

/**
 * Announces the outcomes that were stored and, it seems, never announced: the collector died in between, or the
 * deliveries of the completion event ran out. Where it was only slow, subscribers are told twice.
 */
export const sweepOutbox = (ports: SweeperPorts): Promise<void> => {
  const storedBefore = ports.now() - owedAfterMs;
  return sweepPages<OutboxRecord>(
    (limit, after) => ports.findOwed(storedBefore, limit, after),
    (owed) => announceOwed(owed, ports),
  );
};

async function announceOwed({ executionId, sessionId }: OutboxRecord, ports: SweeperPorts): Promise<void> {
  const { execution } = await ports.transact({ executionId, sessionId }, readOnly);
  // Its record has expired: nobody can read any more what would be announced.
  if (execution?.state !== 'finished') return await ports.settle(executionId);
  await announce(execution, ports);
}

const readOnly = ({ execution }: StoredRecords): { readonly execution?: ExecutionRecord; readonly writes?: never } => ({
  ...(execution && { execution }),
});
