import type { IncomingMessage } from 'node:http';
import { PipelineError } from '../execution/pipeline-error.ts';

/** Reads a whole request body; rejects with message/too-large past `maxBytes` without keeping more. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).byteLength;
    if (bytes > maxBytes) throw new PipelineError('message/too-large', `body of more than ${maxBytes} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
