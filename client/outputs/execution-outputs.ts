import { createHash } from 'node:crypto';
import { isOfExecution } from '../../execution/object-names.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import type { FilePath, MissedOutput, ObjectRef, Outputs } from '../../schemas/generated/messages.ts';
import type { BytePath } from '../../workspace/byte-path.ts';
import { fileError } from '../../workspace/files/file-error.ts';
import { filePathOf, parseFilePath } from '../../workspace/files/file-path.ts';
import type { ClientPorts } from '../client-ports.ts';
import { notSavedError, saveFiles } from './save-files.ts';

/** A file that was collected when its command had ended. */
export interface OutputFile {
  /** Absolute; where its bytes are not UTF-8, with U+FFFD in the place of those that are none. */
  readonly path: string;
  /** The path's own bytes, which every call takes as well. */
  readonly pathBytes: Uint8Array;
  readonly bytes: number;
  readonly sha256: string;
  /** By the end of its name; null where that says nothing. */
  readonly mediaType: string | null;
  /** Its bytes in the project's bucket. */
  readonly object: string;
}

/** A file that matched and was not collected. */
export interface MissedFile {
  readonly path: string;
  /** null for what is no file. */
  readonly bytes: number | null;
  readonly reason: MissedOutput['reason'];
}

type Ports = Pick<ClientPorts, 'readObjectPart'>;

/** Held in memory of a file that is read. */
const pieceBytes = 4 * 1024 * 1024;

/**
 * The files that an execution's `outputs` collected, as they were when its command had ended. They are kept as long as its
 * record. Reading one that has gone rejects with google/not-found.
 */
export class ExecutionOutputs {
  /** In the order of their paths. */
  readonly files: readonly OutputFile[];
  /** The first of what was missed, at most 32, after files that were told with a path that is none below /workspace. */
  readonly missed: readonly MissedFile[];
  readonly missedCount: number;
  readonly #refs: ReadonlyMap<BytePath, ObjectRef>;
  readonly #executionId: string;
  readonly #ports: Ports;

  constructor(executionId: string, { files, missed, more }: Outputs, ports: Ports) {
    const placed = files.map((file) => ({ ...file, at: placeOf(file.path) }));
    const found = placed.flatMap(({ at, ...file }) => (at === null ? [] : [{ ...file, at }]));
    const astray = placed.flatMap(({ at, path, ref }): MissedFile[] =>
      at === null ? [{ path: givenText(path), bytes: ref.bytes, reason: 'not-readable' }] : [],
    );
    this.files = found.map(({ at, ref, mediaType }) => ({
      ...{ path: textOf(at), pathBytes: bytesOf(at), bytes: ref.bytes, sha256: ref.sha256 },
      ...{ mediaType: mediaType ?? null, object: ref.object },
    }));
    const told = missed.map(({ path, bytes = null, reason }): MissedFile => {
      const at = placeOf(path);
      return { path: at === null ? givenText(path) : textOf(at), bytes, reason };
    });
    this.missed = [...astray, ...told];
    this.missedCount = this.missed.length + more;
    this.#refs = new Map(found.map(({ at, ref }) => [at, ref]));
    this.#executionId = executionId;
    this.#ports = ports;
  }

  /** The whole of one file, in memory. Rejects with files/not-found for what was not collected. */
  async read(path: string | Uint8Array): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.readStream(path)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /** As UTF-8; what is none of it becomes U+FFFD. */
  async readText(path: string | Uint8Array): Promise<string> {
    return Buffer.from(await this.read(path)).toString('utf8');
  }

  /** Piece by piece. Ends with workspace/corrupt where these were not the bytes that were collected. */
  async *readStream(path: string | Uint8Array): AsyncGenerator<Uint8Array, void> {
    const at = parseFilePath(path);
    const ref = this.#refs.get(at);
    if (ref === undefined) throw fileError('files/not-found', at, 'was not collected');
    const { object, bytes, sha256 } = ref;
    // The event is the executor's word; whoever reads it here may read the whole bucket.
    if (!isOfExecution(object, this.#executionId)) {
      throw new PipelineError('workspace/corrupt', `${object} is not of the execution ${this.#executionId}`);
    }
    const hash = createHash('sha256');
    for (let start = 0; start < bytes; ) {
      const piece = await this.#ports.readObjectPart(object, { start, bytes: Math.min(pieceBytes, bytes - start) });
      if (piece.length === 0) break;
      hash.update(piece);
      start += piece.length;
      yield piece;
    }
    if (hash.digest('hex') !== sha256)
      throw new PipelineError('workspace/corrupt', `${object} does not have the hash ${sha256}`);
  }

  /**
   * Writes all of them below a folder of this machine, with the folders that they had below /workspace, over what is there.
   * A file is written whole or not at all, and a link below the folder is replaced or refused, never followed. Resolves with
   * the names below the folder, in the order of `files`. Rejects with client/not-saved, which names what could not be written;
   * all others are there then.
   */
  async saveTo(folder: string): Promise<readonly string[]> {
    const paths = [...this.#refs.keys()];
    const notSaved = await saveFiles(folder, paths, (at) => this.readStream(bytesOf(at)));
    if (notSaved.length > 0) throw notSavedError(folder, notSaved, paths.length);
    return paths.map((at) => Buffer.from(at, 'latin1').toString('utf8'));
  }

  toJSON(): object {
    const { files, missed, missedCount } = this;
    return { files: files.map(({ pathBytes: _, ...file }) => file), missed, missedCount };
  }
}

/** null for a path that leads nowhere below /workspace: the event is the executor's word, and the rest of it is to be had. */
function placeOf(path: FilePath): BytePath | null {
  try {
    return parseFilePath(path);
  } catch {
    return null;
  }
}

const givenText = (path: FilePath): string =>
  typeof path === 'string' ? path : Buffer.from(path.base64, 'base64').toString('utf8');

const bytesOf = (at: BytePath): Uint8Array => {
  const path = filePathOf(at);
  return typeof path === 'string' ? Buffer.from(path) : Buffer.from(path.base64, 'base64');
};

const textOf = (at: BytePath): string => Buffer.from(bytesOf(at)).toString('utf8');
