import { batchesOf } from './batches.ts';
import { packRef } from './pack-table.ts';
import { runAhead } from './run-ahead.ts';
import type { Pack } from './tree-entry.ts';
import { readUnproved, type WorkspaceObjects } from './workspace-objects.ts';
import { decompress } from './zstd.ts';

const batchesAhead = 1;
const packsAhead = 2;

/**
 * The compressed bytes of packs, in their order; the next batch is fetched meanwhile. They are not proved: whoever takes a
 * chunk out proves that, which covers all that is used of a pack.
 */
export async function* fetchPacks(
  objects: WorkspaceObjects,
  packs: Iterable<Pack>,
): AsyncGenerator<{ readonly pack: Pack; readonly packed: Uint8Array }, void> {
  for await (const batch of runAhead(fetchesOf(objects, packs), batchesAhead)) yield* batch;
}

const fetchesOf = (objects: WorkspaceObjects, packs: Iterable<Pack>) =>
  [...batchesOf(packs)].map((batch) => async () => {
    const fetched = await readUnproved(objects, batch.map(packRef));
    return batch.map((pack, i) => ({ pack, packed: fetched[i] ?? new Uint8Array() }));
  });

/**
 * The raw bytes of packs, in their order. While the reader works on one, the next are fetched and decompressed on other
 * threads; what is in memory is bounded by two batches and three raw packs.
 */
export async function* readPacks(
  objects: WorkspaceObjects,
  packs: Iterable<Pack>,
): AsyncGenerator<{ readonly pack: Pack; readonly raw: Buffer }, void> {
  for await (const batch of runAhead(fetchesOf(objects, packs), batchesAhead)) {
    const opens = batch.map(({ pack, packed }) => async () => ({
      pack,
      raw: await decompress(packed, pack.rawBytes, packRef(pack).object),
    }));
    yield* runAhead(opens, packsAhead);
  }
}
