import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import {
  type ClientHttp2Session,
  connect,
  createServer as createHttp2Server,
  type IncomingHttpHeaders as Http2Headers,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { topics } from '../../infra/topology.ts';
import type { ExecutorGate, GatedCall } from './executor-gate.ts';

export interface GatedServer {
  /** Host and port. */
  readonly address: string;
  close(): Promise<void>;
}

/** Stands before Cloud Storage: what is written by a signed URL passes the gate once all of it is here, the rest as it comes. */
export async function startGatedStorage(storage: URL, gate: ExecutorGate): Promise<GatedServer> {
  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming).catch(() => null);
    if (body === null) return; // whoever sent it died, and of half an object nothing is stored
    const carryOut = () => forward(storage, incoming, body);
    const call = writeOf(incoming);
    const answer = call === null ? await carryOut() : await gate.pass(call, carryOut);
    if (answer === null) return void response.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  return await listening(server, () => server.closeAllConnections());
}

/** Told by the folder that it lies in: `sessions/{id}/packs/…`, `executions/{id}/g1/…`. */
function writeOf({ method, url = '' }: IncomingMessage): GatedCall | null {
  const [, , object = '', kind = ''] =
    /^\/([^/]+)\/((?:sessions\/[^/]+|executions\/[^/]+\/g\d+)\/([^/]+).*)$/.exec(
      decodeURIComponent(url.replace(/\?.*/s, '')),
    ) ?? [];
  return method === 'PUT' && object !== '' ? { name: kind, object } : null;
}

interface Answer {
  readonly isDone: boolean;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** With all headers as they are, `host` among them: a signature is over them. */
async function forward(to: URL, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  const sent = request({ host: to.hostname, port: to.port, method, path: url, headers });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const { statusCode: status = 0 } = response;
  return { isDone: status === 200, status, headers: response.headers, body: await buffer(response) };
}

/** Stands before Pub/Sub: completion events pass the gate. It serves calls of one message and one answer, as Publish is. */
export async function startGatedPubsub(pubsub: string, gate: ExecutorGate): Promise<GatedServer> {
  const client = connect(`http://${pubsub}`);
  const server = createHttp2Server();
  server.on('stream', async (stream, headers) => {
    stream.on('error', () => {}); // its client was killed
    const body = await buffer(stream).catch(() => null);
    if (body === null) return;
    const carryOut = () => forwardGrpc(client, headers, body);
    const isCompletion = body.includes(`/topics/${topics.results}`);
    const call = { name: 'completion', object: null };
    const answer = isCompletion ? await gate.pass(call, carryOut) : await carryOut();
    if (answer === null) return stream.close();
    answerGrpc(stream, answer);
  });
  return await listening(server, () => client.destroy());
}

interface GrpcAnswer {
  readonly isDone: boolean;
  readonly headers: Http2Headers;
  readonly body: Buffer;
  readonly trailers: Http2Headers;
}

async function forwardGrpc(client: ClientHttp2Session, headers: Http2Headers, body: Buffer): Promise<GrpcAnswer> {
  const sent = client.request(headers);
  let trailers: Http2Headers = {};
  sent.on('trailers', (received) => {
    trailers = received;
  });
  sent.end(body);
  const [answered] = (await once(sent, 'response')) as [Http2Headers];
  const answer = await buffer(sent);
  return { isDone: trailers['grpc-status'] === '0', headers: answered, body: answer, trailers };
}

function answerGrpc(stream: ServerHttp2Stream, { headers, body, trailers }: GrpcAnswer): void {
  if (stream.destroyed) return;
  stream.respond(headers, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end(body);
}

async function listening(server: Server, cutOff: () => void): Promise<GatedServer> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      cutOff();
      await closed;
    },
  };
}
