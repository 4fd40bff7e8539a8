import type { Readable } from 'node:stream';
import type { FileOperation } from '../../execution/file-operation.ts';
import { objectNames } from '../../execution/object-names.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import type { FilePath, InlineBytes } from '../../schemas/generated/messages.ts';
import { fileError } from '../../workspace/files/file-error.ts';
import { filePathOf, parseContentPath, parseFilePath } from '../../workspace/files/file-path.ts';
import { parseGlob } from '../../workspace/files/glob.ts';
import { type ListedFile, maxReadBytes } from '../../workspace/files/look-at-files.ts';
import type { ClientPorts } from '../client-ports.ts';
import { requireRecordId } from '../record-id.ts';
import type { StartContext } from '../start-execution.ts';
import { type CheckpointFiles, createCheckpointOpener } from './checkpoint-files.ts';
import { FileQueue } from './file-queue.ts';
import { packTar, readTar, type TarSource } from './folder-tar.ts';
import { readProved } from './read-proved.ts';

/** One thing in a workspace. */
export interface FileInfo {
  /** Absolute; where its bytes are not UTF-8, with U+FFFD in the place of those that are none. */
  readonly path: string;
  /** The path's own bytes, which every call takes as well. */
  readonly pathBytes: Uint8Array;
  readonly name: string;
  /** "other": a named pipe, a socket or a device. */
  readonly kind: ListedFile['kind'];
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
  readonly modifiedAt: Date;
  /** Where a link leads; null for what is none. */
  readonly target: string | null;
}

export interface ReadFileOptions {
  /** The first byte wanted, and how many: to the end of the file when absent. */
  readonly offset?: number;
  readonly length?: number;
  /** More is an error, files/too-large; 256 MiB when absent, which is the most. */
  readonly maxBytes?: number;
}

export interface ListFilesOptions {
  /** Also what is in the folders below. */
  readonly recursive?: boolean;
  /** Only paths, relative to the folder, that match: "*.ts", "src/**", "{a,b}/[0-9]?". */
  readonly glob?: string;
}

export interface ChangeFilesOptions {
  /** Whose a session is that begins with this; "default" when absent. */
  readonly tenantId?: string;
}

/** Text, or the bytes of a path that is none. */
type Path = string | Uint8Array;

const defaultUrlMs = 15 * 60_000;

/**
 * The files of a session, in /workspace and in /tmp. Relative paths begin at /workspace, and none leads elsewhere. While a
 * command runs, all of it happens in its workspace, and /tmp may be refused with files/busy; else on the last checkpoint, without
 * a container: what is read comes straight from the bucket, and what is changed makes a checkpoint. Errors are `files/…` and
 * name the file.
 */
export class SessionFiles {
  readonly #sessionId: string;
  readonly #ports: ClientPorts;
  readonly #queue: FileQueue;
  readonly #openCheckpoint: ReturnType<typeof createCheckpointOpener>;

  constructor(sessionId: string, context: StartContext) {
    this.#sessionId = sessionId;
    this.#ports = context.ports;
    this.#queue = new FileQueue(sessionId, context);
    this.#openCheckpoint = createCheckpointOpener(context.ports);
  }

  async read(path: Path, options: ReadFileOptions = {}): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.readStream(path, options)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /** As UTF-8; what is none of it becomes U+FFFD. */
  async readText(path: Path, options: ReadFileOptions = {}): Promise<string> {
    return Buffer.from(await this.read(path, options)).toString('utf8');
  }

  /** Piece by piece: of a file at rest no more than a few pieces are in memory, whatever its size. */
  async *readStream(path: Path, options: ReadFileOptions = {}): AsyncGenerator<Uint8Array, void> {
    const at = parseContentPath(path);
    const { offset, length, maxBytes = maxReadBytes } = options;
    for (const [name, value] of Object.entries({ offset, length, maxBytes })) {
      if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) continue;
      throw new PipelineError('message/invalid', `${name} ${value} must be a whole number from 0 on`);
    }
    const range = { offset, length, maxBytes: Math.min(maxBytes, maxReadBytes) };
    const wire = { ...(offset !== undefined && { offset }), ...(length !== undefined && { length }) };
    const operation = { kind: 'read' as const, path: filePathOf(at), ...wire, maxBytes: range.maxBytes };
    const answer = await this.#look(operation, async (files) => ({
      kind: 'stream' as const,
      stream: await files.read(at, range),
    }));
    if (answer.kind === 'stream') yield* answer.stream;
    else if (answer.kind === 'content') yield await this.#bytesOf(answer.content);
  }

  /** In the order of their bytes, each folder before what is in it. Links are told of and not followed. */
  async list(path: Path = '.', { recursive = false, glob }: ListFilesOptions = {}): Promise<readonly FileInfo[]> {
    const at = parseFilePath(path);
    if (glob !== undefined) parseGlob(glob);
    const operation = { kind: 'list' as const, path: filePathOf(at), recursive, ...(glob !== undefined && { glob }) };
    const answer = await this.#look(operation, async (files) => ({
      kind: 'list' as const,
      files: await files.list(at, { recursive, glob: glob ?? null }),
    }));
    return answer.kind === 'list' ? answer.files.map(toInfo) : [];
  }

  /** What is there. A link is told of as such. */
  async stat(path: Path): Promise<FileInfo> {
    const at = parseFilePath(path);
    const operation = { kind: 'stat' as const, path: filePathOf(at) };
    const answer = await this.#look(operation, async (files) => ({
      kind: 'stat' as const,
      file: await files.stat(at),
    }));
    if (answer.kind === 'stat') return toInfo(answer.file);
    throw fileError('files/not-found', at, 'is not there');
  }

  /** Whether anything has this name, a link that leads nowhere included. */
  async exists(path: Path): Promise<boolean> {
    try {
      await this.stat(path);
      return true;
    } catch (error) {
      const code = error instanceof PipelineError ? error.code : null;
      if (code === 'files/not-found' || code === 'files/not-a-directory') return false;
      throw error;
    }
  }

  /** Over what the file held. Missing folders are made; a new file has the mode 0644. */
  async write(
    path: Path,
    content: string | Uint8Array,
    { mode, tenantId }: ChangeFilesOptions & { readonly mode?: number } = {},
  ): Promise<void> {
    const at = filePathOf(parseContentPath(path));
    await this.#change(
      { kind: 'write', path: at, content: {}, ...(mode !== undefined && { mode }) },
      tenantId,
      content,
    );
  }

  /** To the end of a file, which is made when it is missing. */
  async append(path: Path, content: string | Uint8Array, { tenantId }: ChangeFilesOptions = {}): Promise<void> {
    await this.#change({ kind: 'append', path: filePathOf(parseContentPath(path)), content: {} }, tenantId, content);
  }

  /** With those above it. One that is there is fine. */
  async makeDir(path: Path, { tenantId }: ChangeFilesOptions = {}): Promise<void> {
    await this.#change({ kind: 'make-directory', path: filePathOf(parseFilePath(path)) }, tenantId);
  }

  /** A folder only when `recursive`; what is not there is an error unless `force`. A link is removed and not followed. */
  async remove(
    path: Path,
    options: ChangeFilesOptions & { readonly recursive?: boolean; readonly force?: boolean } = {},
  ): Promise<void> {
    const { recursive = false, force = false, tenantId } = options;
    await this.#change({ kind: 'remove', path: filePathOf(parseFilePath(path)), recursive, force }, tenantId);
  }

  /** To exactly that name; what has it is in the way unless `overwrite`, and a folder always is. */
  async move(
    from: Path,
    to: Path,
    { overwrite = false, tenantId }: ChangeFilesOptions & { readonly overwrite?: boolean } = {},
  ): Promise<void> {
    const target = filePathOf(parseFilePath(to));
    await this.#change({ kind: 'move', path: filePathOf(parseFilePath(from)), to: target, overwrite }, tenantId);
  }

  /** A folder and all that is in it as a tar stream, links as links. What cannot be read ends the stream with its error. */
  async download(path: Path = '.'): Promise<Readable> {
    const found = await this.list(path, { recursive: true });
    const root = toInfo({ ...rootFile, path: filePathOf(parseFilePath(path)) }).path;
    const sources = found.flatMap(({ kind, ...file }): TarSource[] =>
      // Nothing can be done with a pipe or a socket elsewhere.
      kind === 'other'
        ? []
        : [{ ...file, kind, name: file.path.slice(root.length + 1), read: () => this.read(file.pathBytes) }],
    );
    return packTar(eachOf(sources));
  }

  /**
   * Writes the files and folders of a tar stream into a folder. The whole tar is read and checked first, up to 256 MiB: one that
   * holds links, devices, absolute names or ".." is refused with files/invalid-path, and nothing of it is written.
   */
  async upload(path: Path, tar: AsyncIterable<Uint8Array>, options: ChangeFilesOptions = {}): Promise<void> {
    const folder = Buffer.from(bytesOfPath(filePathOf(parseFilePath(path))));
    const entries = await readTar(tar);
    await this.makeDir(folder, options);
    await Promise.all(
      entries.map(({ name, mode, content }) => {
        const at = Buffer.concat([folder, Buffer.from(`/${name}`)]);
        return content === null ? this.makeDir(at, options) : this.write(at, content, { ...options, mode });
      }),
    );
  }

  /** A URL that gives the file as it is now to whoever has it, until it expires. */
  async signedUrl(path: Path, { expiresInMs = defaultUrlMs }: { readonly expiresInMs?: number } = {}): Promise<string> {
    const bytes = await this.read(path);
    const object = objectNames.upload(this.#ports.newId());
    await this.#ports.createObject(object, bytes);
    return (await this.#ports.signRead(object, this.#ports.now() + expiresInMs)).url;
  }

  async #change(operation: FileOperation, tenantId?: string, content?: string | Uint8Array): Promise<void> {
    requireRecordId('sessionId', this.#sessionId);
    if (content === undefined) {
      await this.#queue.ask({ operation, tenantId });
      return;
    }
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    if (!(bytes instanceof Uint8Array)) throw new PipelineError('message/invalid', 'content must be text or bytes');
    if (bytes.length > maxReadBytes) {
      const path = 'path' in operation ? parseFilePath(operation.path) : '';
      throw fileError('files/too-large', path, `would be written ${bytes.length} bytes; the limit is ${maxReadBytes}`);
    }
    await this.#queue.ask({ operation, tenantId, content: bytes });
  }

  /** From the command that runs, where one does; from the checkpoint otherwise. */
  async #look<T>(operation: FileOperation, atRest: (files: CheckpointFiles) => Promise<T>) {
    const sessionId = requireRecordId('sessionId', this.#sessionId);
    const session = await this.#ports.getSession(sessionId);
    const active = session?.active ?? null;
    const execution = active === null ? null : await this.#ports.getExecution(active);
    if (execution?.state === 'running') {
      const answer = await this.#queue.ask({ operation });
      if (answer.kind !== 'at-rest') return answer;
      return await atRest(this.#openCheckpoint(await this.#ports.getSession(sessionId)));
    }
    return await atRest(this.#openCheckpoint(session));
  }

  async #bytesOf({ ref, base64, text = '' }: InlineBytes): Promise<Uint8Array> {
    if (ref !== undefined) return await readProved(ref, this.#ports);
    return base64 === undefined ? Buffer.from(text) : Buffer.from(base64, 'base64');
  }
}

const rootFile = { kind: 'directory', size: 0, mode: 0, modifiedMs: 0 } as const;

async function* eachOf<T>(items: readonly T[]): AsyncGenerator<T, void> {
  yield* items;
}

function toInfo({ path, kind, size, mode, modifiedMs, target }: ListedFile): FileInfo {
  const pathBytes = bytesOfPath(path);
  const text = Buffer.from(pathBytes).toString('utf8');
  const name = text.slice(text.lastIndexOf('/') + 1);
  return { path: text, pathBytes, name, kind, size, mode, modifiedAt: new Date(modifiedMs), target: target ?? null };
}

const bytesOfPath = (path: FilePath): Uint8Array =>
  typeof path === 'string' ? Buffer.from(path) : Buffer.from(path.base64, 'base64');
