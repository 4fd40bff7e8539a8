import { Readable } from 'node:stream';
import { extract, type Header, pack } from 'tar-stream';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { fileError } from '../../workspace/files/file-error.ts';
import { parseFilePath } from '../../workspace/files/file-path.ts';
import { maxReadBytes } from '../../workspace/files/look-at-files.ts';

type HeaderOf = Parameters<ReturnType<typeof pack>['entry']>[0];

/** One thing that a tar of a folder is made of. */
export interface TarSource {
  /** Below the folder. */
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'symlink';
  readonly mode: number;
  readonly modifiedAt: Date;
  readonly size: number;
  /** Of a link. */
  readonly target: string | null;
  /** Of a file. */
  read(): Promise<Uint8Array>;
}

/** A tar stream of these things, one after the other: no more than one file is in memory. */
export function packTar(sources: AsyncIterable<TarSource>): Readable {
  const stream = pack();
  const fill = async () => {
    for await (const source of sources) await addEntry(stream, source);
    stream.finalize();
  };
  fill().catch((error: Error) => stream.destroy(error));
  return Readable.from(stream);
}

async function addEntry(stream: ReturnType<typeof pack>, source: TarSource): Promise<void> {
  const { kind, name, mode, modifiedAt: mtime, target } = source;
  // What was listed may be longer or shorter by now; the header must say what follows.
  const content = kind === 'file' ? Buffer.from(await source.read()) : Buffer.alloc(0);
  const header: HeaderOf = {
    name,
    mode,
    mtime,
    type: kind,
    size: content.length,
    ...(target !== null && { linkname: target }),
  };
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const done = (error?: Error | null) => (error ? reject(error) : resolve());
  if (kind === 'file') stream.entry(header, content, done);
  else stream.entry(header, done);
  await promise;
}

export interface TarEntry {
  /** Below the folder; checked. */
  readonly name: string;
  readonly mode: number;
  /** Null: a folder. */
  readonly content: Uint8Array | null;
}

const maxEntries = 20_000;

/**
 * Reads a whole tar, which may be hostile, before anything is made of it. Only files and folders with names below the
 * folder are taken: links, devices, absolute names and ".." refuse all of it with files/invalid-path.
 */
export async function readTar(tar: AsyncIterable<Uint8Array>): Promise<readonly TarEntry[]> {
  const entries: TarEntry[] = [];
  const parser = extract();
  let bytes = 0;
  const feed = async () => {
    for await (const piece of tar) {
      bytes += piece.length;
      if (bytes > maxReadBytes) throw fileError('files/too-large', 'tar', `has more than ${maxReadBytes} bytes`);
      parser.write(Buffer.from(piece));
    }
    parser.end(Buffer.alloc(0));
  };
  const fed = feed().catch((error: Error) => {
    parser.destroy(error);
    throw error;
  });
  fed.catch(() => {}); // the parser rejects with it as well
  try {
    for await (const entry of parser) {
      const { name, type, mode = 0o644 } = entry.header;
      checkName(name, type);
      if (entries.length >= maxEntries)
        throw fileError('files/too-large', name, `is one of more than ${maxEntries} entries`);
      const pieces: Uint8Array[] = [];
      for await (const piece of entry) pieces.push(piece as Uint8Array);
      entries.push({ name, mode: mode & 0o777, content: type === 'directory' ? null : Buffer.concat(pieces) });
    }
    await fed;
  } catch (error) {
    if (error instanceof PipelineError) throw error;
    throw new PipelineError('message/invalid', `the tar cannot be read: ${String(Object(error).message)}`, {
      cause: error,
    });
  }
  return entries;
}

function checkName(name: string, type: Header['type']): void {
  const path = Buffer.from(name).toString('latin1');
  if (type !== 'file' && type !== 'contiguous-file' && type !== 'directory') {
    throw fileError('files/invalid-path', path, `is a ${type} in the tar: only files and folders are taken`);
  }
  if (name.startsWith('/') || name.split('/').includes('..')) {
    throw fileError('files/invalid-path', path, 'leads out of the folder that the tar is for');
  }
  parseFilePath(name);
}
