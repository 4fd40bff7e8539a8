import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ServiceDefinition, status } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { GrpcStatusError, toServiceError } from '../grpc-server.ts';
import type { Methods } from './methods.ts';
import { messageFromJson, messageToJson } from './protobuf-json.ts';
import { readJsonBody } from './read-json-body.ts';
import { invalidArgument } from './refusals.ts';
import { type Route, routesOf } from './rest-routes.ts';
import { refuseUnserved } from './unserved-paths.ts';

export interface RestService {
  /** Full name, such as google.cloud.run.v2.Jobs. */
  readonly name: string;
  readonly definition: ServiceDefinition;
  readonly methods: Methods;
}

export interface RestServer {
  readonly port: number;
  close(): Promise<void>;
}

interface Schema {
  readonly root: protobuf.Root;
  readonly routes: readonly Route[];
}

/** Of targets that are a path only, as nearly all are. */
const origin = 'http://127.0.0.1';
/** Parameters of every Google API that concern the transport. */
const systemParameters = new Set([
  'alt',
  '$alt',
  'prettyPrint',
  'key',
  'access_token',
  'oauth_token',
  'quotaUser',
  'fields',
]);

const httpStatus: Readonly<Record<number, number>> = {
  [status.INVALID_ARGUMENT]: 400,
  [status.FAILED_PRECONDITION]: 400,
  [status.PERMISSION_DENIED]: 403,
  [status.NOT_FOUND]: 404,
  [status.ALREADY_EXISTS]: 409,
  [status.ABORTED]: 409,
  [status.RESOURCE_EXHAUSTED]: 429,
  [status.UNIMPLEMENTED]: 501,
};

/** Serves the same methods as JSON over HTTP, by the HTTP rules of their schema. */
export async function startRestServer(
  protos: protobuf.INamespace,
  services: readonly RestService[],
  port: number,
): Promise<RestServer> {
  // Read at the first request: most programs never send one.
  let read: Schema | null = null;
  const readSchema = () => {
    const root = protobuf.Root.fromJSON(protos);
    return { root, routes: routesOf(services.map(({ name }) => root.lookupService(name))) };
  };
  const server = createServer((request, response) => {
    read ??= readSchema();
    answer(read, services, request, response).then(
      (json) => send(response, 200, json),
      (error: unknown) => {
        // What was not read would be taken for the next request.
        if (!request.complete) response.setHeader('connection', 'close');
        sendError(response, error);
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  { root, routes }: Schema,
  services: readonly RestService[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<object> {
  refuseBrowsers(request);
  const target = request.url ?? '/';
  if (!URL.canParse(target, origin)) throw invalidArgument('path', `'${target}' is not one`);
  const url = new URL(target, origin);
  const path = decodePath(url.pathname);
  const route = routes.find(({ verb, pattern }) => verb === request.method && pattern.test(path));
  const service = services.find(({ name }) => name === route?.service);
  if (route === undefined || service === undefined) {
    throw refuseUnserved(request.method ?? '', path);
  }
  const method = root.lookupService(route.service).methods[route.method];
  method?.resolve();
  const rpc = service.definition[route.method];
  const call = service.methods[`${route.method[0]?.toLowerCase()}${route.method.slice(1)}`];
  const requestType = method?.resolvedRequestType;
  const responseType = method?.resolvedResponseType;
  if (!rpc || !call || !requestType || !responseType) throw new Error(`${route.method} is not in the service`);

  const json = messageFromJson(requestType, requestJson(route, path, url.searchParams, await readJsonBody(request)));
  // Through the wire form and back, so that the method sees the same defaults as over gRPC.
  const bytes = requestType.encode(requestType.fromObject(json)).finish();
  const result = await call(rpc.requestDeserialize(Buffer.from(bytes)) as never, {
    onGone: (callback) => response.on('close', callback),
  });
  return messageToJson(responseType.decode(rpc.responseSerialize(result)), responseType);
}

/**
 * A job is a command on this machine, so no web page may create one: browsers name their origin when they send
 * something, and a name that was rebound to this address shows in the host header.
 */
function refuseBrowsers({ headers: { origin, host = '' } }: IncomingMessage): void {
  if (origin === undefined && /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(host)) return;
  throw new GrpcStatusError(
    status.PERMISSION_DENIED,
    `requests of web pages are not served (origin ${origin ?? 'none'}, host ${host}): call 127.0.0.1 from a program`,
  );
}

function decodePath(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch (error) {
    throw invalidArgument('path', error instanceof Error ? error.message : String(error));
  }
}

function requestJson(route: Route, path: string, query: URLSearchParams, body: unknown): Record<string, unknown> {
  const parameters = [...query].filter(([name]) => !systemParameters.has(name));
  const content = route.body === '*' ? body : route.body === null ? {} : { [route.body]: body };
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw invalidArgument('body', 'must be an object');
  }
  const json: Record<string, unknown> = { ...Object.fromEntries(parameters), ...content };
  const values = route.pattern.exec(path)?.slice(1) ?? [];
  for (const [index, field] of route.captured.entries()) setField(json, field.split('.'), values[index]);
  return json;
}

function setField(json: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    json[name] = value;
    return;
  }
  const inner = { ...(json[name] as object) };
  json[name] = inner;
  setField(inner, rest, value);
}

function sendError(response: ServerResponse, error: unknown): void {
  const { code = status.INTERNAL, details = '' } = toServiceError(error);
  const http = httpStatus[code] ?? 500;
  send(response, http, { error: { code: http, message: details, status: status[code] } });
}

function send(response: ServerResponse, http: number, json: object): void {
  response.writeHead(http, { 'content-type': 'application/json; charset=UTF-8' });
  response.end(`${JSON.stringify(json, null, 2)}\n`);
}
