import type { IncomingMessage } from 'node:http';
import { invalidArgument } from './refusals.ts';

const longestBodyBytes = 10 * 1024 * 1024;

/** The body of a request; an empty one is an empty object. Of one that is too long the rest is left unread. */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > longestBodyBytes) throw invalidArgument('body', `must have at most ${longestBodyBytes} bytes`);
    chunks.push(chunk);
  }
  if (bytes === 0) return {};
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch (error) {
    throw invalidArgument('body', `is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}
