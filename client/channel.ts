export interface Channel<T> {
  push(value: T): void;
  /** Iterators end, or throw `error`, after what was pushed. Only the first call counts. */
  end(error?: Error): void;
  iterate(onReturn?: () => void): AsyncIterableIterator<T>;
}

/** Anything that waits for the next value of one iterator. */
interface Waiting<T> {
  resolve(result: IteratorResult<T>): void;
  reject(error: Error): void;
}

/**
 * Values that arrive by themselves, for any number of readers. With `retain` a new reader gets all values since the
 * beginning, else those from now on. Unlike a generator, an iterator can be returned while it waits.
 */
export function createChannel<T>({ retain }: { readonly retain: boolean }): Channel<T> {
  const retained: T[] = [];
  const readers = new Set<{ push(value: T): void; end(): void }>();
  let ended: { readonly error: Error | null } | null = null;

  function iterate(onReturn?: () => void): AsyncIterableIterator<T> {
    const queue: T[] = [...retained];
    const waiting: Waiting<T>[] = [];
    let returned = false;
    const done: IteratorResult<T> = { done: true, value: undefined };
    const reader = {
      push(value: T) {
        const next = waiting.shift();
        if (next === undefined) queue.push(value);
        else next.resolve({ done: false, value });
      },
      end() {
        const failure = ended?.error ?? null;
        for (const next of waiting.splice(0)) failure === null ? next.resolve(done) : next.reject(failure);
      },
    };
    if (ended === null) readers.add(reader);
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      async next() {
        if (returned) return done;
        const [value] = queue.splice(0, 1);
        if (value !== undefined) return { done: false, value };
        if (ended?.error) throw ended.error;
        if (ended !== null) return done;
        const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<T>>();
        waiting.push({ resolve, reject });
        return await promise;
      },
      async return() {
        if (!returned) {
          returned = true;
          readers.delete(reader);
          for (const next of waiting.splice(0)) next.resolve(done);
          onReturn?.();
        }
        return done;
      },
    };
  }

  return {
    iterate,
    push(value) {
      if (ended !== null) return;
      if (retain) retained.push(value);
      for (const reader of readers) reader.push(value);
    },
    end(error) {
      if (ended !== null) return;
      ended = { error: error ?? null };
      for (const reader of readers) reader.end();
      readers.clear();
    },
  };
}
