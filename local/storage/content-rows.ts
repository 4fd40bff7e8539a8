import type { Content } from './content-store.ts';

/** Where small contents are written down: in the transactions of the records that name them. */
export interface ContentTable {
  /** The largest number given so far. */
  readonly lastContentRow: number;
  saveContent(row: number, bytes: Buffer): void;
  forgetContent(row: number): void;
  /** Bytes from `start` up to, not including, `end` of a row that was committed; throws when it does not have them. */
  readContent(row: number, start: number, end: number): Buffer;
}

/** Small contents as rows of a table: one commit stores object and bytes, where a file of its own costs several calls of the kernel. */
export interface ContentRows {
  /** Nothing is written before the content is held. */
  create(bytes: Buffer): Content;
  reopen(id: string, sizeBytes: number): Content;
  save(id: string): void;
  forget(id: string): void;
  /** What was saved is in the table from now on. */
  committed(): void;
}

const prefix = 'row:';
/** Of every empty content. It has no row, so a number of its own would be given out again by the next start. */
const emptyId = `${prefix}0`;

export function isContentRow(id: string): boolean {
  return id.startsWith(prefix);
}

export function createContentRows(table: ContentTable): ContentRows {
  let lastRow = table.lastContentRow;
  /** Bytes that may not be in the table yet. */
  const fresh = new Map<string, Buffer>();

  const open = (id: string, sizeBytes: number): Content => {
    const part = (start: number, end: number): Buffer => {
      const bytes = fresh.get(id);
      if (bytes !== undefined) return bytes.subarray(start, end);
      return end <= start ? Buffer.alloc(0) : table.readContent(rowOf(id), start, end);
    };
    return { id, sizeBytes, part, pieces: () => [part(0, sizeBytes)] };
  };
  return {
    create(bytes) {
      if (bytes.length === 0) return open(emptyId, 0);
      lastRow += 1;
      const id = `${prefix}${lastRow}`;
      fresh.set(id, bytes);
      return open(id, bytes.length);
    },
    reopen: open,
    save(id) {
      const bytes = fresh.get(id);
      if (bytes !== undefined) table.saveContent(rowOf(id), bytes);
    },
    forget: (id) => table.forgetContent(rowOf(id)),
    committed: () => fresh.clear(),
  };
}

function rowOf(id: string): number {
  return Number(id.slice(prefix.length));
}
