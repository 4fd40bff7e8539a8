import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';

export interface ReceivedPush {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An HTTP endpoint of a test: answers each request as the next entry of its script says, and 204 once that is used up. */
export interface PushReceiver {
  readonly url: string;
  readonly pushes: readonly ReceivedPush[];
  /** Resolves once this many pushes have come and their answers have been handed to the network. */
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

export type ScriptedAnswer = number | 'never' | 'hang-up';

export async function startPushReceiver(script: ScriptedAnswer[] = []): Promise<PushReceiver> {
  const pushes: ReceivedPush[] = [];
  let answered = 0;
  const waiters: { readonly count: number; readonly resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = script[pushes.length] ?? 204;
      pushes.push({ headers: request.headers, body: Buffer.concat(chunks) });
      const { length } = pushes;
      give(answer, request, response, () => {
        for (const waiter of waiters) if (length >= waiter.count) waiter.resolve();
        answered = Math.max(answered, length);
      });
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address() as { readonly port: number };
  return {
    url: `http://127.0.0.1:${address.port}/push`,
    pushes,
    received: (count) =>
      new Promise((resolve) => {
        if (answered >= count) resolve();
        else waiters.push({ count, resolve });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function give(answer: ScriptedAnswer, request: IncomingMessage, response: ServerResponse, done: () => void): void {
  if (answer === 'never') done();
  else if (answer === 'hang-up') request.socket.destroy(undefined).once('close', done);
  else if (answer === 102) response.writeProcessing(done);
  else response.writeHead(answer).end(done);
}
