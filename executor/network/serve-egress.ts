import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { assertNever } from '../../execution/assert-never.ts';
import type { NetworkPolicy } from '../../execution/network-policy.ts';
import type { EgressRules } from './decide-egress.ts';
import { findWay, type Way, type WayRules, type WayTimes } from './find-way.ts';
import { forwardRequest, readForward } from './forward-request.ts';
import { joinSockets } from './join-sockets.ts';
import { type EgressTarget, readTarget } from './read-target.ts';
import { type RefusalRecord, Refusals } from './refusals.ts';
import type { ResolveName } from './resolve-name.ts';

export interface EgressOptions extends Pick<EgressRules, 'classify'>, WayTimes {
  readonly resolve: ResolveName;
  /** Looked at whenever a policy comes into force. */
  ownAddresses(): ReadonlySet<string>;
  readonly maxConnections: number;
  /** How long a client may take to say what it wants. */
  readonly headMs: number;
}

/** The proxy of one sandbox. Until a policy comes into force it refuses everything. */
export interface EgressProxy {
  /** Puts a policy into force; connections that an earlier one allowed are ended. */
  use(policy: NetworkPolicy): void;
  /** What was refused since the last call. */
  takeRefusals(): RefusalRecord;
  /** Ends all connections and no longer listens. */
  close(): Promise<void>;
}

const maxHeadBytes = 16 * 1024;

const reasons = {
  400: 'Bad Request',
  403: 'Forbidden',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
type Status = keyof typeof reasons;

/** An HTTP proxy on a server that listens already, or on a port: CONNECT, and requests for absolute http: URLs. */
export async function serveEgress(
  listener: Server | { readonly port: number },
  options: EgressOptions,
): Promise<EgressProxy> {
  const refusals = new Refusals();
  const ways = new Set<AbortController>();
  const sockets = new Set<Duplex>();
  let rules: WayRules = { ...options, policy: { kind: 'none' }, ownAddresses: new Set() };

  /** Ends together with the client and with the policy that allowed it. */
  async function open(target: EgressTarget, client: Duplex): Promise<Way | { kind: 'full'; why: string }> {
    if (ways.size >= options.maxConnections) {
      return { kind: 'full', why: `${options.maxConnections} connections are open, and more may not be` };
    }
    const ended = new AbortController();
    ways.add(ended);
    const close = () => ended.abort();
    client.once('close', close);
    const way = await findWay(target, rules, options, ended.signal);
    if (way.kind === 'refuse') refusals.add(target.shown, target.port, way.reason);
    if (way.kind === 'connected') {
      const { socket } = way;
      ended.signal.addEventListener('abort', () => socket.destroy());
      socket.once('close', () => {
        client.off('close', close);
        ways.delete(ended);
      });
      if (ended.signal.aborted) socket.destroy();
      return way;
    }
    client.off('close', close);
    ways.delete(ended);
    return way;
  }

  const server = createServer(
    {
      maxHeaderSize: maxHeadBytes,
      headersTimeout: options.headMs,
      requestTimeout: 0,
      keepAliveTimeout: options.headMs,
      connectionsCheckingInterval: Math.min(1_000, options.headMs),
    },
    (asked, answer) => void forward(asked, answer),
  );
  // Beyond a count lines would be left out in silence, also those that frame a body; the size of the head is the bound.
  server.maxHeadersCount = 0;
  server.maxConnections = options.maxConnections * 2;
  // A command that opens too many must cost the executor nothing but these.
  server.on('error', () => {});
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('connect', (asked: IncomingMessage, client: Socket, head: Buffer) => void tunnel(asked, client, head));

  async function forward(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const refuse = (status: Status, why: string) => {
      // The rest of a body that nobody reads would be taken for the next request.
      answer.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end(`sandbus: ${why}\n`);
    };
    const read = readForward(asked);
    if (read.kind === 'malformed') return refuse(400, read.why);
    const way = await open(read.target, asked.socket);
    if (way.kind === 'connected') return forwardRequest(asked, answer, read, way.socket);
    refuse(statusOf(way), way.why);
  }

  async function tunnel({ url = '' }: IncomingMessage, client: Socket, head: Buffer): Promise<void> {
    client.on('error', () => client.destroy());
    const refuse = (status: Status, why: string) => {
      const text = `sandbus: ${why}\n`;
      const lines = [`HTTP/1.1 ${status} ${reasons[status]}`, 'content-type: text/plain', 'connection: close'];
      client.end(`${[...lines, `content-length: ${Buffer.byteLength(text)}`].join('\r\n')}\r\n\r\n${text}`);
      client.resume();
    };
    const target = readTarget(url, null);
    if (target === null) return refuse(400, 'CONNECT takes host:port');
    const way = await open(target, client);
    if (way.kind !== 'connected') return refuse(statusOf(way), way.why);
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) way.socket.write(head);
    joinSockets(client, way.socket);
  }

  const endAll = () => {
    for (const way of ways) way.abort();
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen('port' in listener ? { ...listener, host: '127.0.0.1' } : listener, resolve);
  });
  return {
    use(policy) {
      endAll();
      rules = { ...options, policy, ownAddresses: options.ownAddresses() };
    },
    takeRefusals: () => refusals.take(),
    async close() {
      endAll();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function statusOf(way: Exclude<Way, { kind: 'connected' }> | { readonly kind: 'full' }): Status {
  switch (way.kind) {
    case 'refuse':
      return 403;
    case 'full':
      return 503;
    case 'failed':
      return way.status;
    default:
      return assertNever(way);
  }
}
