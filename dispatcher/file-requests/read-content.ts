import { createHash } from 'node:crypto';
import { PipelineError } from '../../execution/pipeline-error.ts';
import type { InlineBytes } from '../../schemas/generated/messages.ts';
import { maxChunkBytes } from '../../workspace/tree-entry.ts';

export interface UploadReader {
  readPart(object: string, part: { readonly start: number; readonly bytes: number }): Promise<Uint8Array>;
}

/** The bytes that an operation writes, in pieces that fit a chunk; at the end it is proved that they were all. */
export async function* readContent(content: InlineBytes, uploads: UploadReader): AsyncGenerator<Buffer, void> {
  const { ref } = content;
  if (ref === undefined) {
    const bytes =
      content.base64 === undefined ? Buffer.from(content.text ?? '') : Buffer.from(content.base64, 'base64');
    for (let start = 0; start < bytes.length; start += maxChunkBytes) {
      yield bytes.subarray(start, start + maxChunkBytes);
    }
    return;
  }
  const sha256 = createHash('sha256');
  for (let start = 0; start < ref.bytes; start += maxChunkBytes) {
    const wanted = Math.min(maxChunkBytes, ref.bytes - start);
    const part = Buffer.from(await uploads.readPart(ref.object, { start, bytes: wanted }));
    if (part.length !== wanted) break;
    sha256.update(part);
    yield part;
  }
  if (sha256.digest('hex') === ref.sha256) return;
  throw new PipelineError('message/invalid', `${ref.object} does not hold what its reference says`);
}
