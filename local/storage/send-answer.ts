import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import type { Answer } from './storage-call.ts';

/** Writes an answer; its bytes are let go when they are not asked for or the client goes away. */
export function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status, headers = {}, body } = answer;
  const hasNoBody = status === 204 || status === 304;
  // Header values are UTF-8 on Google's wire; Node writes each character as one byte.
  const encoded = Object.entries(headers).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]);
  response.writeHead(status, {
    ...Object.fromEntries(encoded),
    ...(hasNoBody ? {} : { 'content-length': String(body?.length ?? 0) }),
  });
  if (request.method === 'HEAD' || hasNoBody) {
    dropBody(answer);
    response.end();
  } else if (body === undefined || Buffer.isBuffer(body)) {
    response.end(body);
  } else {
    // A failure on the way cuts the connection: the client sees fewer bytes than were announced.
    pipeline(body.stream, response, () => {});
  }
}

/** For an answer that is not sent. */
export function dropBody({ body }: Answer): void {
  if (body !== undefined && !Buffer.isBuffer(body)) body.stream.destroy();
}
