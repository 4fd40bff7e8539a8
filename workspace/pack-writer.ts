import { hash } from 'node:crypto';
import { objectNames } from '../execution/object-names.ts';
import { BoundedTasks } from './bounded-tasks.ts';
import { emptyBuffer, grownBuffer } from './grown-buffer.ts';
import type { ObjectWriter } from './object-writer.ts';
import type { Pack, StoredChunk } from './tree-entry.ts';
import { compress } from './zstd.ts';

/** Small enough that reading one file from it is quick, large enough that a tree of small files is few objects. */
const packBytes = 4 * 1024 * 1024;
/** With the pack that is being filled, at most this many are in memory. */
const packsAtOnce = 2;

/** A pack that is being filled: its name and its size are known once it is compressed. */
interface OpenPack {
  readonly pack: { -readonly [key in keyof Pack]: Pack[key] };
  /** Filled up to the pack's raw bytes. */
  raw: Buffer;
}

/** Puts chunks into packs and packs into the bucket. A chunk that is stored already is not stored again. */
export class PackWriter {
  readonly #sessionId: string;
  readonly #writer: ObjectWriter;
  readonly #stored: () => Iterable<StoredChunk>;
  #known: Map<string, StoredChunk> | null = null;
  readonly #sealing = new BoundedTasks(packsAtOnce);
  #open: OpenPack | null = null;

  constructor(options: {
    readonly sessionId: string;
    readonly writer: ObjectWriter;
    /** What lies in the bucket already; asked for when the first chunk comes. */
    readonly stored: () => Iterable<StoredChunk>;
  }) {
    this.#sessionId = options.sessionId;
    this.#writer = options.writer;
    this.#stored = options.stored;
  }

  /** Copies the bytes. The chunk's pack has its name only after `finish`. */
  async add(bytes: Buffer): Promise<StoredChunk> {
    const sha256 = hash('sha256', bytes);
    const known = this.#chunks().get(sha256);
    if (known !== undefined) return known;
    if (bytes.length >= packBytes) {
      const own = this.#newPack();
      const chunk = this.#append(own, bytes, sha256);
      await this.#seal(own);
      return chunk;
    }
    if (this.#open !== null && this.#open.pack.rawBytes + bytes.length > packBytes) await this.#sealOpen();
    this.#open ??= this.#newPack();
    return this.#append(this.#open, bytes, sha256);
  }

  /** From now on what is in these is stored again when it is added: they are to be left behind. */
  forget(packs: ReadonlySet<Pack>): void {
    const known = this.#chunks();
    for (const [sha256, chunk] of known) if (packs.has(chunk.pack)) known.delete(sha256);
  }

  /** Afterwards all packs are with the object writer. */
  async finish(): Promise<void> {
    await this.#sealOpen();
    await this.#sealing.finish();
  }

  settle(): Promise<void> {
    return this.#sealing.settle();
  }

  #chunks(): Map<string, StoredChunk> {
    if (this.#known === null) {
      this.#known = new Map();
      for (const chunk of this.#stored()) this.#known.set(chunk.sha256, chunk);
    }
    return this.#known;
  }

  #newPack(): OpenPack {
    const pack = { sessionId: this.#sessionId, sha256: '', bytes: 0, rawBytes: 0 };
    return { pack, raw: emptyBuffer };
  }

  #append(open: OpenPack, bytes: Buffer, sha256: string): StoredChunk {
    const { pack } = open;
    const chunk: StoredChunk = { kind: 'stored', pack, offset: pack.rawBytes, bytes: bytes.length, sha256 };
    open.raw = grownBuffer(open.raw, pack.rawBytes + bytes.length);
    bytes.copy(open.raw, pack.rawBytes);
    pack.rawBytes += bytes.length;
    this.#chunks().set(sha256, chunk);
    return chunk;
  }

  async #sealOpen(): Promise<void> {
    const full = this.#open;
    this.#open = null;
    if (full !== null) await this.#seal(full);
  }

  #seal({ pack, raw }: OpenPack): Promise<void> {
    return this.#sealing.start(async () => {
      const packed = await compress(raw.subarray(0, pack.rawBytes));
      pack.sha256 = hash('sha256', packed);
      pack.bytes = packed.length;
      await this.#writer.put(objectNames.pack(pack.sessionId, pack.sha256), packed);
    });
  }
}
