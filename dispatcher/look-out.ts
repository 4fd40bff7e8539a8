export interface LookOutOptions<T> {
  readonly look: () => Promise<T>;
  /** Whether what was seen is so far from mattering that it may be older. */
  readonly isFar: (seen: T) => boolean;
  readonly now: () => number;
}

export interface Seen<T> {
  readonly value: T;
  /** When the look at it began. */
  readonly seenAt: number;
}

/** What is true outside, looked at once a second at most, however many ask. */
export interface LookOut<T> {
  /** Waits for a look only where none was made, where the last one is too old, or where it came near to mattering. */
  see(): Promise<Seen<T>>;
  /** A look that begins after the call. */
  seeNow(): Promise<T>;
  /** Resolves when no look is under way. */
  settled(): Promise<void>;
}

const freshMs = 1000;
/** A look that is older is trusted in no case. */
export const farMs = 60_000;

export function createLookOut<T>({ look, isFar, now }: LookOutOptions<T>): LookOut<T> {
  let last: Seen<T> | null = null;
  let underWay: Promise<Seen<T>> | null = null;

  function again(): Promise<Seen<T>> {
    const seenAt = now();
    underWay ??= look()
      .then((value) => {
        last = { value, seenAt };
        return last;
      })
      .finally(() => {
        underWay = null;
      });
    return underWay;
  }

  return {
    async see() {
      if (last === null) return await again();
      const age = now() - last.seenAt;
      if (age < freshMs) return last;
      if (age >= farMs || !isFar(last.value)) return await again();
      // Nobody waits for it; should it fail, the next one asks again.
      again().catch(() => {});
      return last;
    },
    async settled() {
      await underWay?.catch(() => {});
    },
    async seeNow() {
      // One that is under way may have passed by what its caller has just written.
      await underWay?.catch(() => {});
      return (await again()).value;
    },
  };
}
