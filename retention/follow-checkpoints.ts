import type { CheckpointRef } from '../schemas/generated/messages.ts';
import { listReferences } from '../workspace/list-references.ts';

/** Names of all objects that checkpoints lead to. Rejects when one of them cannot be followed. */
export async function followCheckpoints(
  readObject: (object: string) => Promise<Uint8Array>,
  checkpoints: readonly Pick<CheckpointRef, 'manifest' | 'state' | 'tmp'>[],
): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  const objects = {
    read: async (refs: readonly { readonly object: string }[]) =>
      new Map(await Promise.all(refs.map(async ({ object }) => [object, await readObject(object)] as const))),
  };
  for (const { manifest, state, tmp } of checkpoints) {
    if (state !== null) names.add(state.object);
    for (const tree of [manifest, ...(tmp === undefined ? [] : [tmp])]) await listReferences(objects, tree, names);
  }
  return names;
}
