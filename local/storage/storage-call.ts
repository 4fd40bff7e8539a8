import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import type { ByteStream } from './content-store.ts';

/** One request, as the handlers see it. */
export interface StorageCall {
  readonly method: string;
  /** Path and query exactly as sent, still percent-encoded: signatures are over these. */
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** `http://host:port` as the client addressed this server; links in answers start with it. */
  readonly origin: string;
  /** Rejects when the client goes away before the body is complete, so that nothing of it is stored. */
  readBody(): Promise<Buffer>;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | ByteStream;
}

export function jsonAnswer(status: number, value: unknown): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: Buffer.from(JSON.stringify(value)),
  };
}

/** One header as text; Node has joined repeated ones, and has read as Latin-1 what Google's clients send as UTF-8. */
export function headerText(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  const text = Array.isArray(value) ? value.join(',') : value;
  if (text === undefined || !/[\x80-\xff]/.test(text)) return text;
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : text;
}
