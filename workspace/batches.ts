/** So that one call names neither so many objects that it is slow, nor so many bytes that they fill the memory. */
const maxBatchObjects = 64;
const maxBatchBytes = 16 * 1024 * 1024;

/** Groups objects for one read each, in their order. */
export function* batchesOf<T extends { readonly bytes: number }>(items: Iterable<T>): Generator<readonly T[], void> {
  let batch: T[] = [];
  let bytes = 0;
  for (const item of items) {
    if (batch.length > 0 && (batch.length === maxBatchObjects || bytes + item.bytes > maxBatchBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += item.bytes;
  }
  if (batch.length > 0) yield batch;
}
