import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { readNetworkPolicy } from '../../../execution/network-policy.ts';
import { classifyAddress } from '../../../executor/network/classify-address.ts';
import { type EgressOptions, type EgressProxy, serveEgress } from '../../../executor/network/serve-egress.ts';

/** What production would never let through: servers of a test are of the internet to its proxy. */
export const loopbackIsPublic: EgressOptions['classify'] = (text) =>
  text === '127.0.0.1' ? { kind: 'public', address: text, family: 4 } : classifyAddress(text);

export interface EgressWorld {
  readonly proxy: EgressProxy;
  readonly proxyPort: number;
  /** Names that were looked up, in order. */
  readonly lookedUp: string[];
  /** Puts a network into force as a request writes it. */
  use(network: unknown): void;
  /** A server that counts as one of the internet. */
  listen(onConnection: (socket: Socket) => void): Promise<number>;
  /** Sends bytes to the proxy; resolves with all that came back until it closed the connection. */
  say(bytes: string | Buffer): Promise<string>;
  open(): Promise<Socket>;
  close(): Promise<void>;
}

/** Hosts that a test may name; all others have no address. */
export type Hosts = Readonly<Record<string, (count: number) => readonly string[]>>;

export const testOptions = (hosts: Hosts, lookedUp: string[] = []): EgressOptions => ({
  classify: loopbackIsPublic,
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
  return {
    proxy,
    proxyPort,
    lookedUp,
    use(network) {
      const read = readNetworkPolicy(network);
      if (!read.ok) throw new Error(read.problem);
      proxy.use(read.policy);
    },
    async listen(onConnection) {
      const server = createServer({ allowHalfOpen: true }, (socket) => {
        sockets.add(socket);
        socket.on('error', () => {});
        onConnection(socket);
      });
      servers.add(server);
      await listening(server);
      return portOf(server);
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
