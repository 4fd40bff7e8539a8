import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

export interface WebhookReceiver {
  readonly url: string;
  readonly received: readonly Received[];
  close(): void;
}

export interface Answer {
  readonly status: number;
  readonly location?: string;
}

/** A receiver of webhooks on loopback. Gives its answers one after the other, the last one from then on; null: none at all. */
export async function startWebhookReceiver(...answers: readonly (Answer | null)[]): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    request.on('end', () => {
      const answer = answers[Math.min(received.length, answers.length - 1)];
      received.push({ headers: request.headers, body: Buffer.concat(chunks) });
      if (answer === null) return;
      const { status, location } = answer ?? { status: 200 };
      response.writeHead(status, location === undefined ? {} : { location }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
