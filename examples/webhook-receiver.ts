// A receiver of webhooks, proved by one command. Run it beside `npm start`: npx node examples/webhook-receiver.ts
import { createServer } from 'node:http';
import { Sandbus, verifyWebhook } from '../client/index.ts';

const sandbus = new Sandbus();
const seen = new Set<unknown>();
let secrets: readonly string[] = [];

const server = createServer(async (request, response) => {
  const body = Buffer.concat(await Array.fromAsync(request));
  if (!verifyWebhook({ headers: request.headers, body, secrets, now: Date.now() })) {
    response.writeHead(401).end();
    return;
  }
  // The same delivery may come again: it is known by its id.
  const id = request.headers['sandbus-delivery'];
  if (!seen.has(id)) {
    seen.add(id);
    const { status, exitCode } = JSON.parse(body.toString());
    console.log(JSON.stringify({ status, exitCode }));
  }
  response.writeHead(204).end(() => server.emit('delivered'));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
const port = typeof address === 'object' ? address?.port : undefined;

// Only a local stack takes http and loopback; a deployment wants https and an address of the internet.
const { webhookId } = await sandbus.webhooks.put('example', { url: `http://127.0.0.1:${port}/`, tenantId: 'example' });
secrets = [await sandbus.webhooks.secret(webhookId)];
const delivered = new Promise((resolve) => server.once('delivered', resolve));
// Services look for new webhooks once a second.
await sandbus.session('webhook-example').exec('sleep 1.5; exit 3', { tenantId: 'example' });
await delivered;
await sandbus.webhooks.remove(webhookId);
await sandbus.close();
server.closeAllConnections();
server.close();
