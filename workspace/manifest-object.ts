import { PipelineError } from '../execution/pipeline-error.ts';
import { compress, decompress } from './zstd.ts';

/*
 * The envelope of manifest objects: "sbw", a letter for the kind, the format's version, the raw length (4 bytes,
 * little-endian), then one zstd frame.
 *
 * A manifest is one page, or an index of pages when the workspace needs more than one (see manifest-page.ts and
 * manifest-index.ts).
 */

export type ManifestKind = 'page' | 'index';

const letters = { page: 'p', index: 'i' } as const satisfies Record<ManifestKind, string>;
const maxRawBytes = { page: 16 * 1024 * 1024, index: 64 * 1024 * 1024 } as const satisfies Record<ManifestKind, number>;
/** Compressed bytes may exceed raw ones a little, where nothing can be compressed. */
export const maxPageObjectBytes = maxRawBytes.page + 128 * 1024;
const formatVersion = 1;
const headerBytes = 9;

export async function sealManifest(kind: ManifestKind, raw: Uint8Array): Promise<Buffer> {
  if (raw.length > maxRawBytes[kind]) {
    const what = `a manifest ${kind} of ${raw.length} bytes; the limit is ${maxRawBytes[kind]}`;
    throw new PipelineError('workspace/too-large', what);
  }
  const header = Buffer.from(`sbw${letters[kind]}\0\0\0\0\0`, 'latin1');
  header[4] = formatVersion;
  header.writeUInt32LE(raw.length, 5);
  return Buffer.concat([header, await compress(raw)]);
}

export async function openManifest(
  sealed: Uint8Array,
  what: string,
): Promise<{ readonly kind: ManifestKind; readonly raw: Buffer }> {
  const corrupt = (problem: string) => new PipelineError('workspace/corrupt', `${what}: ${problem}`);
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes.length < headerBytes) throw corrupt('is too short for a manifest');
  const magic = bytes.toString('latin1', 0, 4);
  const kind = (Object.keys(letters) as ManifestKind[]).find((known) => magic === `sbw${letters[known]}`);
  if (kind === undefined) throw corrupt('is not a manifest');
  if (bytes[4] !== formatVersion)
    throw corrupt(`has format version ${bytes[4]}; this deployment reads ${formatVersion}`);
  const rawBytes = bytes.readUInt32LE(5);
  if (rawBytes > maxRawBytes[kind]) throw corrupt(`holds ${rawBytes} bytes; the limit is ${maxRawBytes[kind]}`);
  return { kind, raw: await decompress(bytes.subarray(headerBytes), rawBytes, what) };
}
