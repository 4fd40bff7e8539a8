import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers one request; never rejects. */
export type Serve = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface HttpServer {
  readonly port: number;
  /** Takes no more requests; resolves when those under way are answered. */
  close(): Promise<void>;
}

/** Starts an HTTP server that knows which requests it still owes an answer. */
export async function startHttpServer(address: { host: string; port: number }, serve: Serve): Promise<HttpServer> {
  const inFlight = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const work = serve(request, response).finally(() => inFlight.delete(work));
    inFlight.add(work);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(address.port, address.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      while (inFlight.size > 0) await Promise.all(inFlight);
      server.closeAllConnections();
      await closed;
    },
  };
}
