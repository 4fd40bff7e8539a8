import type { Bucket } from '@google-cloud/storage';
import { PipelineError } from '../execution/pipeline-error.ts';
import { googleCall } from './google-error.ts';

/** An object as a list shows it. */
interface ListedObject {
  readonly name: string;
  readonly generation: string;
  readonly createdAt: number;
  readonly bytes: number;
}

export interface BucketSweeper {
  listObjects(prefix: string): Promise<readonly ListedObject[]>;
  listFolders(prefix: string): Promise<readonly string[]>;
  /** False when this content is not there any more. */
  deleteObject(object: ListedObject): Promise<boolean>;
}

/** Lists the bucket and deletes what was listed, by its generation. */
export function createBucketSweeper(bucket: Bucket): BucketSweeper {
  return {
    listObjects: (prefix) =>
      googleCall(`list ${prefix}`, async () => {
        const [files] = await bucket.getFiles({ prefix });
        return files.map(({ name, metadata }) => ({
          name,
          generation: String(metadata.generation),
          createdAt: Date.parse(metadata.timeCreated ?? ''),
          bytes: Number(metadata.size),
        }));
      }),
    listFolders: (prefix) =>
      googleCall(`list folders of ${prefix}`, async () => {
        const names: string[] = [];
        let query: object | null = { prefix, delimiter: '/', autoPaginate: false };
        while (query !== null) {
          const [, next, answer]: [unknown, object | null, unknown] = await bucket.getFiles(query);
          const { prefixes = [] } = answer as { readonly prefixes?: readonly string[] };
          names.push(...prefixes.map((folder) => folder.slice(prefix.length, -1)));
          query = next;
        }
        return names;
      }),
    async deleteObject({ name, generation }) {
      try {
        await googleCall(`delete ${name}`, () => bucket.file(name).delete({ ifGenerationMatch: generation }));
        return true;
      } catch (error) {
        // 404 and 412: somebody else removed it, or wrote it anew.
        const isGone =
          error instanceof PipelineError && ['google/not-found', 'google/already-exists'].includes(error.code);
        if (isGone) return false;
        throw error;
      }
    },
  };
}
