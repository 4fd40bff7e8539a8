/** An object of the bucket as a list shows it. */
export interface ListedObject {
  readonly name: string;
  /** Names this content of it: whoever writes the object again makes another. */
  readonly generation: string;
  readonly createdAt: number;
  readonly bytes: number;
}

export interface CollectionFacts {
  /** Everything below a session's folder; listed before what is referred to was read. */
  readonly objects: readonly ListedObject[];
  /** Names that something leads to. */
  readonly referenced: ReadonlySet<string>;
  /** When each lease of the session that is held was launched. */
  readonly launchedAt: readonly number[];
  /** When the session was deleted; null: it is there, or there never was one. */
  readonly deletedAt: number | null;
  /** Before the list was made. */
  readonly now: number;
}

export interface CollectionPolicy {
  /** What is younger stays, whoever wrote it. */
  readonly graceMs: number;
  /** How far the clocks of Firestore's writers and of the bucket may be apart. */
  readonly clockToleranceMs: number;
}

export interface CollectionDecision {
  readonly remove: readonly ListedObject[];
  /** Nothing leads to them, and they are too young. */
  readonly young: readonly ListedObject[];
  readonly kept: readonly ListedObject[];
}

/**
 * Which objects go: nothing leads to them, and nobody who could still refer to them wrote them. What a deleted session left needs no
 * grace time, as nothing is committed to it any more; what may have been written after the deletion, by the bucket's clock, is of
 * whoever begins a new session under its id, and has its grace time.
 */
export function decideCollection(facts: CollectionFacts, policy: CollectionPolicy): CollectionDecision {
  const { objects, referenced, launchedAt, deletedAt, now } = facts;
  const { graceMs, clockToleranceMs } = policy;
  const settled = Math.max(now - graceMs, (deletedAt ?? 0) - clockToleranceMs);
  const before = Math.min(settled, ...launchedAt.map((at) => at - clockToleranceMs));
  const kept = objects.filter(({ name }) => referenced.has(name));
  const free = objects.filter(({ name }) => !referenced.has(name));
  return {
    kept,
    remove: free.filter(({ createdAt }) => createdAt < before),
    young: free.filter(({ createdAt }) => createdAt >= before),
  };
}
