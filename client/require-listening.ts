import { connect } from 'node:net';
import { PipelineError } from '../execution/pipeline-error.ts';

/** What a local stack takes to accept a connection, many times over. */
const timeoutMs = 5000;

/**
 * Rejects when nothing accepts connections there. Google's clients try for minutes, which is right for a service that
 * comes back and wrong for a local stack that nobody started.
 */
export async function requireListening(
  variable: string,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host, port, timeout: timeoutMs });
  const refuse = (cause: Error) =>
    reject(
      new PipelineError(
        'google/unavailable',
        `nothing answers at ${host}:${port}, where ${variable} points: is the local stack running (npm start)?`,
        { cause },
      ),
    );
  socket.once('connect', resolve);
  socket.once('timeout', () => refuse(new Error(`no connection in ${timeoutMs} ms`)));
  socket.once('error', refuse);
  try {
    await promise;
  } finally {
    socket.destroy();
  }
}
