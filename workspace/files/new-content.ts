import type { FileOperation } from '../../execution/file-operation.ts';
import type { InlineBytes } from '../../schemas/generated/messages.ts';
import type { BytePath } from '../byte-path.ts';
import type { PackWriter } from '../pack-writer.ts';
import { type Chunk, maxChunkBytes } from '../tree-entry.ts';
import type { WorkspaceObjects } from '../workspace-objects.ts';
import { fileError } from './file-error.ts';
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
  storeAfter(before: StoredContent, name: BytePath): Promise<readonly Chunk[]>;
}

/** Of last chunks, which one request may leave any number of. */
const maxHeldBytes = 64 * 1024 * 1024;

/** Stores contents of one request. */
export class ContentStore {
  readonly #packs: PackWriter;
  readonly #objects: WorkspaceObjects;
  readonly #open: (content: InlineBytes) => AsyncIterable<Buffer>;
  /** Last chunks of this request by themselves: their packs cannot be read yet. Null: nothing will ask for them. */
  readonly #lastChunks: Map<Chunk, Buffer> | null;
  #heldBytes = 0;
  /** Those of them that are held no more. */
  readonly #dropped = new Set<Chunk>();

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
    return { size: sizeOf(content), storeAfter: (before, name) => this.#storeAfter(before, content, name) };
  }

  async #storeAfter({ chunks, size }: StoredContent, content: InlineBytes, name: BytePath): Promise<readonly Chunk[]> {
    const isWhole = size % maxChunkBytes === 0;
    const stored: Chunk[] = isWhole ? [...chunks] : chunks.slice(0, -1);
    const last = chunks.at(-1);
    let rest: Buffer = isWhole || last === undefined ? Buffer.alloc(0) : await this.#bytesOf(last, name);
    for await (const piece of this.#open(content)) {
      rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      while (rest.length >= maxChunkBytes) {
        stored.push(await this.#packs.add(rest.subarray(0, maxChunkBytes)));
        rest = rest.subarray(maxChunkBytes);
      }
    }
    if (rest.length > 0) {
      const chunk = await this.#packs.add(rest);
      this.#hold(chunk, rest);
      stored.push(chunk);
    }
    return stored;
  }

  /** The newest, as far as there is room. */
  #hold(chunk: Chunk, bytes: Buffer): void {
    if (this.#lastChunks === null) return;
    this.#heldBytes += bytes.length - (this.#lastChunks.get(chunk)?.length ?? 0);
    this.#lastChunks.delete(chunk);
    this.#lastChunks.set(chunk, Buffer.from(bytes));
    this.#dropped.delete(chunk);
    for (const [oldest, { length }] of this.#lastChunks) {
      if (this.#heldBytes <= maxHeldBytes) return;
      this.#lastChunks.delete(oldest);
      this.#heldBytes -= length;
      this.#dropped.add(oldest);
    }
  }

  async #bytesOf(chunk: Chunk, name: BytePath): Promise<Buffer> {
    const known = this.#lastChunks?.get(chunk);
    if (known !== undefined) return known;
    if (this.#dropped.has(chunk)) {
      throw fileError('files/too-large', name, 'was written by a long request: append to it in a request of its own');
    }
    return Buffer.concat(await Array.fromAsync(readChunks(this.#objects, [chunk], { start: 0, end: chunk.bytes })));
  }
}

/** What it holds by its own word; whoever reads it proves that. */
export function sizeOf({ ref, base64, text = '' }: InlineBytes): number {
  if (ref !== undefined) return ref.bytes;
  return base64 === undefined ? Buffer.byteLength(text) : Buffer.from(base64, 'base64').length;
}
