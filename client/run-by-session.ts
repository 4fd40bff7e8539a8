/** What has a session, and an id for what has none. */
interface OfSession {
  readonly deadLetterId: string;
  readonly sessionId?: string | null;
}

export interface RunOptions {
  readonly maxInFlight: number;
  /** Once aborted, nothing more is begun. */
  readonly signal: AbortSignal | undefined;
  /** Waited for before each one. */
  readonly before: (() => Promise<void>) | null;
}

/**
 * Runs `work` for each item, several at a time, but those of one session one after the other in their order. Resolves when
 * all that was begun has ended; rejects then with the first failure, after which nothing more is begun.
 */
export async function runBySession<T extends OfSession>(
  items: AsyncIterable<T> | Iterable<T>,
  work: (item: T, index: number) => Promise<void>,
  { maxInFlight, signal, before }: RunOptions,
): Promise<void> {
  const lastBySession = new Map<string, Promise<void>>();
  const inFlight = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const isOver = () => failures.length > 0 || signal?.aborted === true;
  let index = 0;
  for await (const item of items) {
    while (inFlight.size >= maxInFlight) await Promise.race(inFlight);
    if (!isOver()) await before?.();
    if (isOver()) break;
    const key = item.sessionId ?? `/${item.deadLetterId}`;
    const position = index;
    index += 1;
    const mine = (lastBySession.get(key) ?? Promise.resolve())
      .then(() => (isOver() ? undefined : work(item, position)))
      .catch((error: unknown) => void failures.push(error))
      .finally(() => {
        inFlight.delete(mine);
        if (lastBySession.get(key) === mine) lastBySession.delete(key);
      });
    inFlight.add(mine);
    lastBySession.set(key, mine);
  }
  await Promise.all(inFlight);
  if (failures.length > 0) throw failures[0];
}
