import { createPublicKey } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '../clock.ts';
import type { RunningServer } from '../grpc-server.ts';
import { answerJsonCall, answerUploadCall } from './json-api.ts';
import { openStorageState } from './open-storage-state.ts';
import { readFieldSelection, selectFields } from './partial-response.ts';
import { ClientGoneError, readBody } from './read-body.ts';
import { parseRequestTarget, type RequestTarget } from './request-target.ts';
import { dropBody, sendAnswer } from './send-answer.ts';
import { type Answer, headerText, type StorageCall } from './storage-call.ts';
import { invalidArgument, jsonErrorBody, type Refusal, StorageError, xmlErrorBody } from './storage-error.ts';
import type { StorageState } from './storage-state.ts';
import { answerXmlCall } from './xml-routes.ts';

const loopbackHost = '127.0.0.1';
/** Longer than clients keep an idle connection, so that they and not the server decide when it ends. */
const keepAliveMs = 120_000;

/**
 * Starts a Cloud Storage of the JSON API, and of signed URLs, on loopback; port 0 (the default) takes a free one.
 * Only URLs signed by one of `signers` are served. What it stores is in `dataDir`, which one server at a time may use,
 * and is there again after a restart; without one it is in memory, gone when the server is closed.
 * Throws DataFileError when the folder cannot be used.
 */
export async function startStorageServer(options: {
  port?: number;
  clock?: Clock;
  dataDir?: string;
  /** The address to take; default: loopback. Any other one is for a container, whose own network this is. */
  host?: string;
  signers: ReadonlyArray<{ clientEmail: string; publicKeyPem: string }>;
}): Promise<RunningServer> {
  const { state, close } = openStorageState({
    clock: options.clock ?? systemClock,
    dataDir: options.dataDir,
    signers: new Map(
      options.signers.map(({ clientEmail, publicKeyPem }) => [clientEmail, createPublicKey(publicKeyPem)]),
    ),
  });
  const inProgress = new Set<Promise<void>>();
  const server = createServer({ keepAliveTimeout: keepAliveMs, requestTimeout: 0 }, (request, response) => {
    const responded = respond(state, request, response).finally(() => inProgress.delete(responded));
    inProgress.add(responded);
  });
  try {
    await listen(server, options.port ?? 0, options.host ?? loopbackHost);
  } catch (error) {
    close();
    throw error;
  }
  return {
    host: loopbackHost,
    port: (server.address() as AddressInfo).port,
    async close() {
      await closeServer(server);
      // A request whose client is cut off may still be at work on what it has received.
      await Promise.all(inProgress);
      close();
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function respond(state: StorageState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = callOf(request);
  const target = parseRequestTarget(call.rawPath, call.query);
  const refuse = (error: unknown) => refusalAnswer(refusalOf(error), call, target);
  let answered: Answer;
  try {
    requireLoopbackHost(request);
    answered = await answer(state, call, target);
  } catch (error) {
    if (error instanceof ClientGoneError) return;
    answered = refuse(error);
  }
  try {
    // Before a refusal too: it may end an upload, or come from a change of another request.
    state.commit();
    sendAnswer(request, response, answered);
  } catch (error) {
    dropBody(answered);
    sendAnswer(request, response, refuse(error));
  }
}

function callOf(request: IncomingMessage): StorageCall {
  const url = request.url ?? '/';
  const queryAt = url.indexOf('?');
  const rawQuery = queryAt === -1 ? '' : url.slice(queryAt + 1);
  return {
    method: request.method ?? 'GET',
    rawPath: queryAt === -1 ? url : url.slice(0, queryAt),
    rawQuery,
    query: new URLSearchParams(rawQuery),
    headers: request.headers,
    origin: `http://${request.headers.host ?? loopbackHost}`,
    readBody: () => readBody(request),
  };
}

async function answer(state: StorageState, call: StorageCall, target: RequestTarget): Promise<Answer> {
  switch (target.kind) {
    case 'json': {
      const selection = readFieldSelection(call);
      return selectFields(await answerJsonCall(state, overridden(call), target.segments), selection);
    }
    case 'upload': {
      const selection = readFieldSelection(call);
      return selectFields(await answerUploadCall(state, call, target.segments), selection);
    }
    case 'xml':
      return answerXmlCall(state, call, target.bucket, target.name);
    case 'invalid':
      throw invalidArgument(target.problem);
  }
}

/** Clients whose HTTP library knows no PATCH send a POST that says so. A signature is over the method that was sent. */
function overridden(call: StorageCall): StorageCall {
  const method = headerText(call.headers, 'x-http-method-override');
  return call.method === 'POST' && method !== undefined ? { ...call, method: method.toUpperCase() } : call;
}

/** A name that is not loopback means that somebody was led here, as a web page is by DNS rebinding. */
function requireLoopbackHost(request: IncomingMessage): void {
  const host = (request.headers.host ?? loopbackHost).replace(/:\d+$/, '').toLowerCase();
  if (['127.0.0.1', 'localhost', '[::1]'].includes(host) || host.endsWith('.localhost')) return;
  throw new StorageError({
    status: 403,
    reason: 'forbidden',
    code: 'AccessDenied',
    message: `The local Cloud Storage serves loopback names only, not ${host}.`,
  });
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof StorageError) return error.refusal;
  const message = error instanceof Error ? error.message : String(error);
  return { status: 500, reason: 'internalError', code: 'InternalError', message };
}

/** Errors come in the dress of the surface: JSON, XML, or the bare message where bytes were asked for. */
function refusalAnswer(refusal: Refusal, call: StorageCall, target: RequestTarget): Answer {
  const { status, headers = {} } = refusal;
  if (target.kind === 'xml') {
    return {
      status,
      headers: { ...headers, 'content-type': 'application/xml; charset=UTF-8' },
      body: xmlErrorBody(refusal),
    };
  }
  if (call.query.get('alt') === 'media') {
    return {
      status,
      headers: { ...headers, 'content-type': 'text/plain; charset=UTF-8' },
      body: Buffer.from(refusal.message),
    };
  }
  return {
    status,
    headers: { ...headers, 'content-type': 'application/json; charset=UTF-8' },
    body: jsonErrorBody(refusal),
  };
}
