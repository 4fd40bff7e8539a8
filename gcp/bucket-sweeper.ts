import type { Bucket, File } from '@google-cloud/storage';
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
  /** As Cloud Storage gives them, up to a thousand at a time. */
  pageObjects(prefix: string): AsyncGenerator<readonly ListedObject[], void>;
  pageFolders(prefix: string): AsyncGenerator<readonly string[], void>;
  /** False when this content is not there any more. */
  deleteObject(object: ListedObject): Promise<boolean>;
}

/** Lists the bucket and deletes what was listed, by its generation. */
export function createBucketSweeper(bucket: Bucket): BucketSweeper {
  async function* pages(first: object) {
    let query: object | null = { ...first, autoPaginate: false };
    while (query !== null) {
      const wanted: object = query;
      const [files, next, answer]: [readonly File[], object | null, unknown] = await googleCall(
        `list ${JSON.stringify(first)}`,
        () => bucket.getFiles(wanted),
      );
      const { prefixes = [] } = answer as { readonly prefixes?: readonly string[] };
      yield { files, prefixes };
      query = next;
    }
  }
  async function* pageObjects(prefix: string): AsyncGenerator<readonly ListedObject[], void> {
    for await (const { files } of pages({ prefix })) yield files.map(toListed);
  }
  async function* pageFolders(prefix: string): AsyncGenerator<readonly string[], void> {
    for await (const { prefixes } of pages({ prefix, delimiter: '/' })) {
      yield prefixes.map((folder) => folder.slice(prefix.length, -1));
    }
  }
  return {
    listObjects: async (prefix) => (await Array.fromAsync(pageObjects(prefix))).flat(),
    listFolders: async (prefix) => (await Array.fromAsync(pageFolders(prefix))).flat(),
    pageObjects,
    pageFolders,
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

const toListed = ({ name, metadata }: File): ListedObject => ({
  name,
  generation: String(metadata.generation),
  createdAt: Date.parse(metadata.timeCreated ?? ''),
  bytes: Number(metadata.size),
});
