import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Delivery, Disposition } from '../execution/delivery.ts';
import type { Log } from '../logging/logger.ts';
import type { ListenAddress } from './delivery-config.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';
import { type PushPolicy, type PushPorts, servePush } from './serve-push.ts';

/** What handles the deliveries of each subscription. */
export type DeliveryHandlers = Readonly<Record<string, (delivery: Delivery) => Promise<Disposition>>>;

/** The subscription whose deliveries are pushed to this path; null for any other path. */
export function pushedTo(path: string, handlers: DeliveryHandlers): DeliveryHandlers[string] | null {
  const [, subscription = ''] = /^\/push\/([\w-]+)$/.exec(path) ?? [];
  return Object.hasOwn(handlers, subscription) ? (handlers[subscription] ?? null) : null;
}

/** The HTTP server of a service that does nothing but take pushed deliveries: `POST /push/{subscription}`. */
export async function startPushServer(
  address: ListenAddress,
  handlers: DeliveryHandlers,
  ports: PushPorts,
  policy: PushPolicy,
  log: Log,
): Promise<HttpServer> {
  return await startHttpServer(address, async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '';
    if (path === '/healthz') return void response.writeHead(200).end('ok\n');
    const handle = pushedTo(path, handlers);
    if (handle === null) return void response.writeHead(404).end();
    if (request.method !== 'POST') return void response.writeHead(405).end();
    await servePush(request, response, handle, ports, policy, log);
  });
}
