import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type EgressTarget, readTarget } from './read-target.ts';

export type ReadForward =
  | { readonly kind: 'forward'; readonly target: EgressTarget; readonly authority: string; readonly path: string }
  | { readonly kind: 'malformed'; readonly why: string };

/** What is meant for one connection only and not passed on (RFC 9110 §7.6.1), and what frames a body: that is made anew. */
const ofOneConnection = new Set([
  'connection',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const largestResponseHead = 256 * 1024;

/** Reads a request for an absolute URL, the form in which a client speaks to a proxy. */
export function readForward({ url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>): ReadForward {
  const malformed = (why: string): ReadForward => ({ kind: 'malformed', why });
  if (url.startsWith('/') || url === '*') return malformed('this is a proxy: ask for an absolute URL, or CONNECT');
  const parts = /^http:\/\/([^/?#]*)([/?][^#]*)?$/i.exec(url);
  if (parts === null) return malformed('a proxy forwards http: URLs; for all others use CONNECT');
  const [, authority = '', rest = '/'] = parts;
  const target = readTarget(authority, 80);
  if (target === null) return malformed('the URL must have a host, and no credentials');
  const encoding = headers['transfer-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'chunked')
    return malformed('of transfer encodings only chunked is known');
  return { kind: 'forward', target, authority, path: rest.startsWith('?') ? `/${rest}` : rest };
}

/**
 * Sends one request over a connection of its own and passes the answer back as it comes. Its host is that of the URL,
 * whatever its header says (RFC 9112 §3.2.2), and its body is framed anew, so that both sides see one and the same request.
 */
export function forwardRequest(
  asked: IncomingMessage,
  answer: ServerResponse,
  { authority, path }: Extract<ReadForward, { kind: 'forward' }>,
  socket: Socket,
): void {
  const isChunked = asked.headers['transfer-encoding'] !== undefined;
  const sent = request({
    createConnection: () => socket,
    ...(asked.method !== undefined && { method: asked.method }),
    path,
    setHost: false,
    maxHeaderSize: largestResponseHead,
    headers: [
      ...['host', authority],
      ...passedOn(asked.rawHeaders, asked.headers.connection),
      ...(isChunked ? ['transfer-encoding', 'chunked'] : []),
      ...['connection', 'close'],
    ],
  });
  const fail = (error: Error) => {
    if (answer.headersSent) answer.destroy();
    else
      answer
        .writeHead(502, { 'content-type': 'text/plain' })
        .end(`sandbus: ${authority} did not answer: ${error.message}\n`);
  };
  sent.on('error', fail);
  sent.on('response', (received) => {
    // A reader behind may tell from the length; what is cut off is never passed off as whole.
    received.on('error', () => answer.destroy());
    received.on('close', () => {
      if (!received.complete) answer.destroy();
    });
    const headers = passedOn(received.rawHeaders, received.headers.connection);
    answer.writeHead(received.statusCode ?? 502, received.statusMessage ?? '', headers);
    answer.flushHeaders();
    received.pipe(answer);
  });
  answer.on('close', () => sent.destroy());
  asked.pipe(sent);
}

/** Header lines as they came, without those that the connection header names and those that never are passed on. */
function passedOn(rawHeaders: readonly string[], connection = ''): string[] {
  const named = connection
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const dropped = new Set([...ofOneConnection, ...named]);
  return rawHeaders.flatMap((name, index) => {
    const isName = index % 2 === 0;
    return isName && !dropped.has(name.toLowerCase()) ? [name, rawHeaders[index + 1] ?? ''] : [];
  });
}
