import type { FileOperation } from '../../execution/file-operation.ts';
import type { InlineBytes } from '../../schemas/generated/messages.ts';
import type { PackWriter } from '../pack-writer.ts';
import { type Chunk, maxChunkBytes } from '../tree-entry.ts';
import type { WorkspaceObjects } from '../workspace-objects.ts';
import { readChunks } from './read-chunks.ts';

/** The bytes of a file, as they lie in packs. */
export interface StoredContent {
  readonly size: number;
  readonly chunks: readonly Chunk[];
}

/** Bytes that are to become those of a file, or its end. */
export interface NewContent {
  readonly size: number;
  /** Stores them behind what the file holds already; a file is cut at fixed places, so its last chunk may be made anew. */
  storeAfter(before: StoredContent): Promise<readonly Chunk[]>;
}

/** Stores contents of one request. */
export class ContentStore {
  readonly #packs: PackWriter;
  readonly #objects: WorkspaceObjects;
  readonly #open: (content: InlineBytes) => AsyncIterable<Buffer>;
  /** Last chunks of this request by themselves: their packs cannot be read yet. Null: nothing will ask for them. */
  readonly #lastChunks: Map<Chunk, Buffer> | null;

  constructor(options: {
    readonly packs: PackWriter;
    readonly objects: WorkspaceObjects;
    readonly open: (content: InlineBytes) => AsyncIterable<Buffer>;
    readonly operations: readonly FileOperation[];
  }) {
    this.#packs = options.packs;
    this.#objects = options.objects;
    this.#open = options.open;
    this.#lastChunks = options.operations.some(({ kind }) => kind === 'append') ? new Map() : null;
  }

  contentOf(content: InlineBytes): NewContent {
    return { size: sizeOf(content), storeAfter: (before) => this.#storeAfter(before, content) };
  }

  async #storeAfter({ chunks, size }: StoredContent, content: InlineBytes): Promise<readonly Chunk[]> {
    const isWhole = size % maxChunkBytes === 0;
    const stored: Chunk[] = isWhole ? [...chunks] : chunks.slice(0, -1);
    const last = chunks.at(-1);
    let rest: Buffer = isWhole || last === undefined ? Buffer.alloc(0) : await this.#bytesOf(last);
    for await (const piece of this.#open(content)) {
      rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      while (rest.length >= maxChunkBytes) {
        stored.push(await this.#packs.add(rest.subarray(0, maxChunkBytes)));
        rest = rest.subarray(maxChunkBytes);
      }
    }
    if (rest.length > 0) {
      const chunk = await this.#packs.add(rest);
      this.#lastChunks?.set(chunk, Buffer.from(rest));
      stored.push(chunk);
    }
    return stored;
  }

  async #bytesOf(chunk: Chunk): Promise<Buffer> {
    const known = this.#lastChunks?.get(chunk);
    if (known !== undefined) return known;
    return Buffer.concat(await Array.fromAsync(readChunks(this.#objects, [chunk], { start: 0, end: chunk.bytes })));
  }
}

/** What it holds by its own word; whoever reads it proves that. */
export function sizeOf({ ref, base64, text = '' }: InlineBytes): number {
  if (ref !== undefined) return ref.bytes;
  return base64 === undefined ? Buffer.byteLength(text) : Buffer.from(base64, 'base64').length;
}
