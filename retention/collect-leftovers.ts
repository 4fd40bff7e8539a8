import type { ListedObject } from './decide-collection.ts';
import type { RetentionPorts } from './ports.ts';
import { addTally, nothingRemoved, type Tally, tallyOf } from './tally.ts';
import type { RetentionPolicy } from './tend-session.ts';

type LeftoverPorts = Pick<
  RetentionPorts,
  'pageFolders' | 'pageObjects' | 'listObjects' | 'deleteObject' | 'findRecords' | 'now'
>;

const pageSize = 100;

/** Requests and output of executions whose records are gone. */
export async function collectExecutions(ports: LeftoverPorts, { graceMs, dryRun }: RetentionPolicy): Promise<Tally> {
  const before = ports.now() - graceMs;
  let removed = nothingRemoved;
  for await (const ids of partsOf(ports.pageFolders('executions/'))) {
    // A request is stored before its record is: what is young may get one.
    const found = await ports.findRecords('executions', ids);
    for (const id of ids.filter((one) => !found.has(one))) {
      const old = (await ports.listObjects(`executions/${id}/`)).filter(({ createdAt }) => createdAt < before);
      removed = addTally(removed, await removeAll(old, ports, dryRun));
    }
  }
  return removed;
}

/** Uploads of publishers, and the bytes of dead letters, that have no record of their name and are older than any message. */
export async function collectOldObjects(ports: LeftoverPorts, { leftoverMs, dryRun }: RetentionPolicy): Promise<Tally> {
  const before = ports.now() - leftoverMs;
  let removed = nothingRemoved;
  const kinds = [
    { prefix: 'uploads/', collection: 'executions', idOf: (name: string) => name.replace(/-[0-9a-f]{64}$/, '') },
    { prefix: 'dead-letters/', collection: 'deadLetters', idOf: (name: string) => name },
  ] as const;
  for (const { prefix, collection, idOf } of kinds) {
    for await (const part of partsOf(ports.pageObjects(prefix))) {
      const old = part.filter(({ createdAt }) => createdAt < before);
      const named = old.map((object) => ({ object, id: idOf(object.name.slice(prefix.length)) }));
      const ids = named.map(({ id }) => id).filter(isRecordId);
      const found = await ports.findRecords(collection, ids);
      const free = named.filter(({ id }) => !found.has(id)).map(({ object }) => object);
      removed = addTally(removed, await removeAll(free, ports, dryRun));
    }
  }
  return removed;
}

/** Publishers name their uploads as they like. */
const isRecordId = (id: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,255}$/.test(id);

async function removeAll(objects: readonly ListedObject[], ports: LeftoverPorts, dryRun: boolean): Promise<Tally> {
  if (dryRun) return tallyOf(objects);
  let removed = nothingRemoved;
  for (const object of objects) {
    if (await ports.deleteObject(object)) removed = addTally(removed, tallyOf([object]));
  }
  return removed;
}

/** Not more at a time than are looked for at once. */
async function* partsOf<T>(pages: AsyncIterable<readonly T[]>): AsyncGenerator<readonly T[], void> {
  for await (const items of pages) {
    for (let start = 0; start < items.length; start += pageSize) yield items.slice(start, start + pageSize);
  }
}
