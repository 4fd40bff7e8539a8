import { PipelineError } from '../../execution/pipeline-error.ts';
import type { ObjectRef } from '../../schemas/generated/messages.ts';
import type { WorkspaceObjects } from '../../workspace/workspace-objects.ts';

/** A bucket in memory that counts. */
export class MemoryObjects implements WorkspaceObjects {
  readonly stored = new Map<string, Uint8Array>();
  /** Names of each write call, in order. */
  readonly writes: string[][] = [];
  reads = 0;

  async read(refs: readonly ObjectRef[]): Promise<ReadonlyMap<string, Uint8Array>> {
    this.reads += 1;
    return new Map(
      refs.map(({ object }) => {
        const bytes = this.stored.get(object);
        if (bytes === undefined) throw new PipelineError('google/not-found', `no object ${object}`);
        return [object, Uint8Array.from(bytes)];
      }),
    );
  }

  async write(objects: ReadonlyMap<string, Uint8Array>): Promise<void> {
    this.writes.push([...objects.keys()]);
    for (const [object, bytes] of objects) this.stored.set(object, Uint8Array.from(bytes));
  }

  names(part: 'packs' | 'manifests'): string[] {
    return [...this.stored.keys()].filter((name) => name.includes(`/${part}/`));
  }
}
