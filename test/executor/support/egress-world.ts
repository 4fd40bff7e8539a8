import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { readNetworkPolicy } from '../../../execution/network-policy.ts';
import { classifyAddress } from '../../../executor/network/classify-address.ts';
import { type EgressOptions, type EgressProxy, serveEgress } from '../../../executor/network/serve-egress.ts';

/** An address that no machine has (RFC 5737). To the proxy of a test it is one of the internet, and leads to the test. */
export const testAddress = '203.0.113.7';

const testAddressLeadsHere: EgressOptions['classify'] = (text) =>
  text === testAddress ? { kind: 'public', address: '127.0.0.1', family: 4 } : classifyAddress(text);

export interface EgressWorld {
  readonly proxy: EgressProxy;
  readonly proxyPort: number;
  /** Names that were looked up, in order. */
  readonly lookedUp: string[];
  /** Puts a network into force as a request writes it. */
  use(network: unknown): void;
  /** A server that counts as one of the internet. */
  listen(onConnection: (socket: Socket) => void): Promise<number>;
  /** Such a server that remembers what each connection sent, and answers it. */
  listenAndRecord(answer: string): Promise<{ readonly port: number; readonly heard: readonly string[] }>;
  /** Sends bytes to the proxy; resolves with all that came back until it closed the connection. */
  say(bytes: string | Buffer): Promise<string>;
  open(): Promise<Socket>;
  close(): Promise<void>;
}

/** Hosts that a test may name; all others have no address. */
export type Hosts = Readonly<Record<string, (count: number) => readonly string[]>>;

export const testOptions = (hosts: Hosts, lookedUp: string[] = []): EgressOptions => ({
  classify: testAddressLeadsHere,
  resolve: async (name) => {
    lookedUp.push(name);
    return hosts[name]?.(lookedUp.filter((other) => other === name).length) ?? [];
  },
  ownAddresses: () => new Set(),
  resolveMs: 2_000,
  connectMs: 2_000,
  headMs: 2_000,
  maxConnections: 8,
});

export async function createEgressWorld(hosts: Hosts, changes: Partial<EgressOptions> = {}): Promise<EgressWorld> {
  const lookedUp: string[] = [];
  const listener = createServer();
  await listening(listener);
  const proxyPort = portOf(listener);
  const proxy = await serveEgress(listener, { ...testOptions(hosts, lookedUp), ...changes });
  const servers = new Set<Server>();
  const sockets = new Set<Socket>();
  const open = async () => {
    const socket = connect({ port: proxyPort, host: '127.0.0.1', allowHalfOpen: true });
    sockets.add(socket);
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    socket.on('error', () => {});
    return socket;
  };
  const listen: EgressWorld['listen'] = async (onConnection) => {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      onConnection(socket);
    });
    servers.add(server);
    await listening(server);
    return portOf(server);
  };
  return {
    proxy,
    proxyPort,
    lookedUp,
    use(network) {
      const read = readNetworkPolicy(network);
      if (!read.ok) throw new Error(read.problem);
      proxy.use(read.policy);
    },
    listen,
    async listenAndRecord(answer) {
      const heard: string[] = [];
      const port = await listen((socket) => {
        const index = heard.push('') - 1;
        socket.setEncoding('latin1').on('data', (text: string) => {
          heard[index] += text;
          socket.end(answer);
        });
      });
      return { port, heard };
    },
    open,
    async say(bytes) {
      const socket = await open();
      socket.write(bytes);
      return await readAll(socket);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await proxy.close();
      await Promise.all([...servers].map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 ([0-9]{3})/.exec(answer)?.[1]);

export async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('latin1');
  return await new Promise((resolve) => {
    socket.on('data', (piece: string) => {
      text += piece;
    });
    socket.on('end', () => resolve(text));
    socket.on('close', () => resolve(text));
  });
}

const listening = (server: Server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
