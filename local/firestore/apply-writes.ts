import { applyWrite } from './apply-write.ts';
import type { CheckedWrite } from './check-write.ts';
import type { DocumentStore, DocumentWrite } from './document-store.ts';
import type { Micros } from './micros.ts';
import type { Value } from './value.ts';

export interface AppliedWrites {
  /** What each document becomes, by path. */
  readonly pending: ReadonlyMap<string, DocumentWrite>;
  /** Per write, per transform. */
  readonly transformResults: readonly (readonly Value[])[];
}

/** Works out what writes make of the newest documents, each write on top of those before it. Stores nothing. */
export function applyWrites(store: DocumentStore, writes: readonly CheckedWrite[], time: Micros): AppliedWrites {
  const pending = new Map<string, DocumentWrite>();
  const transformResults = writes.map((write) => {
    const { path } = write;
    const stored = store.get(path);
    const earlier = pending.get(path);
    const fields = earlier === undefined ? stored?.fields : earlier.fields;
    const existing = fields ? { fields, updateTime: stored?.updateTime ?? time } : undefined;
    const applied = applyWrite(write, existing, time);
    pending.set(path, { fields: applied.fields, isNew: earlier !== undefined && (earlier.isNew || !earlier.fields) });
    return applied.transformResults;
  });
  return { pending, transformResults };
}
