import type { IncomingMessage } from 'node:http';
import { StorageError } from './storage-error.ts';

/** The client closed its connection before its request was complete: there is nobody left to answer. */
export class ClientGoneError extends Error {
  constructor(cause: unknown) {
    super('the client went away before its request was complete', { cause });
    this.name = 'ClientGoneError';
  }
}

/** Cloud Storage takes 5 TiB; this server holds the body of a request in memory. */
export const maxBodyBytes = 2 * 1024 * 1024 * 1024;

/** Collects a request body. What was collected is dropped when the client goes away or sends too much. */
export async function readBody(request: IncomingMessage, limitBytes = maxBodyBytes): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge(limitBytes);
  const chunks: Buffer[] = [];
  let received = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      received += chunk.length;
      if (received > limitBytes) throw tooLarge(limitBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof StorageError ? error : new ClientGoneError(error);
  }
  return Buffer.concat(chunks);
}

function tooLarge(limitBytes: number): StorageError {
  return new StorageError({
    status: 413,
    reason: 'uploadTooLarge',
    code: 'EntityTooLarge',
    message: `The local Cloud Storage takes at most ${limitBytes} bytes in one request.`,
  });
}
