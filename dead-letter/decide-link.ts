import type { RecordWrites, ReplayLink, StoredRecords } from '../execution/records.ts';

/** Replays that one execution remembers: the newest ones. The dead letters have all of them. */
const maxLinks = 20;

export interface LinkFacts {
  readonly stored: StoredRecords;
  /** Digest of the request that became a dead letter. */
  readonly requestDigest: string;
  readonly replay: ReplayLink;
}

/**
 * Adds a replay to the execution that it repeats. One that was accepted for another request of the same id is not
 * repeated by it and stays as it is. Repeated, it writes nothing.
 */
export function decideLink({ stored: { execution }, requestDigest, replay }: LinkFacts): {
  readonly writes?: RecordWrites;
} {
  if (execution === undefined || execution.requestDigest !== requestDigest) return {};
  const replays = execution.replays ?? [];
  if (replays.some(({ executionId }) => executionId === replay.executionId)) return {};
  return { writes: { execution: { ...execution, replays: [...replays, replay].slice(-maxLinks) } } };
}
