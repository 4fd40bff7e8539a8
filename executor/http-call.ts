import type { Agent, RequestOptions } from 'node:http';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PipelineError } from '../execution/pipeline-error.ts';

/*
 * HTTP over Node's own client, which is loaded as CommonJS on purpose: importing `node:http` reads every name that it
 * exports, and some of them load Node's fetch, 20 ms that stand between the start of a job and its claim.
 */

export interface HttpCall {
  readonly url: string;
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | { readonly open: () => Readable; readonly bytes: number };
  /** Longest silence of the other side. */
  readonly timeoutMs: number;
  /** A longer answer is an error. */
  readonly maxAnswerBytes: number;
  /** Ends the call; the other side may have carried it out. */
  readonly signal?: AbortSignal;
  /** Takes the body of a 200 piece by piece instead of into memory; `body` of the answer is then empty. */
  readonly sink?: (body: AsyncIterable<Buffer>) => Promise<void>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
}

export interface HttpClient {
  /** Any status is an answer; a connection that fails rejects with the `failureCode`, and what a sink throws as it is. */
  call(call: HttpCall): Promise<HttpAnswer>;
  close(): void;
}

export function createHttpClient(failureCode: 'lease/unavailable' | 'google/unavailable'): HttpClient {
  const agents = new Map<string, Agent>();
  const modules = {
    'http:': () => process.getBuiltinModule('node:http'),
    'https:': () => process.getBuiltinModule('node:https'),
  };
  return {
    async call(call) {
      const url = new URL(call.url);
      if (url.protocol !== 'http:' && url.protocol !== 'https:') {
        throw new PipelineError(failureCode, `${url.protocol} is not a protocol to call`);
      }
      const { Agent, request } = modules[url.protocol]();
      const agent = agents.get(url.protocol) ?? new Agent({ keepAlive: true });
      agents.set(url.protocol, agent);
      try {
        return await exchange((options) => request(url, { ...options, agent }), call);
      } catch (error) {
        if (error instanceof PipelineError) throw error;
        // The query of a signed URL is a right to read or write: it stays out of messages.
        throw PipelineError.from(
          new Error(`${call.method} ${url.host}: ${describe(error)}`, { cause: error }),
          failureCode,
        );
      }
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

const describe = (error: unknown) => (error instanceof Error ? error.message || error.name : String(error));

type Request = import('node:http').ClientRequest;
type Response = import('node:http').IncomingMessage;

async function exchange(open: (options: RequestOptions) => Request, call: HttpCall): Promise<HttpAnswer> {
  const { body = new Uint8Array(0), method, headers, timeoutMs, signal } = call;
  const length = body instanceof Uint8Array ? body.length : body.bytes;
  const request = open({
    method,
    headers: { ...headers, ...(method !== 'GET' && { 'content-length': String(length) }) },
    timeout: timeoutMs,
    ...(signal && { signal }),
  });
  request.on('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
  const answered = new Promise<Response>((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
  });
  const sent = body instanceof Uint8Array ? endWith(request, body) : pipeline(body.open(), request);
  // A server may answer before it has read everything; its answer counts then, not the broken upload.
  sent.catch(() => {});
  const response = await answered;
  const status = response.statusCode ?? 0;
  const bounded = boundedBody(response, call.maxAnswerBytes);
  const chunks: Buffer[] = [];
  if (status === 200 && call.sink !== undefined) await call.sink(bounded);
  else for await (const chunk of bounded) chunks.push(chunk);
  return { status, body: Buffer.concat(chunks) };
}

async function endWith(request: Request, body: Uint8Array): Promise<void> {
  request.end(body);
}

async function* boundedBody(response: Response, maxBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    // Not worth another try: the other side would send the same.
    if (bytes > maxBytes) throw new PipelineError('google/failed', `an answer has more than ${maxBytes} bytes`);
    yield chunk;
  }
}
