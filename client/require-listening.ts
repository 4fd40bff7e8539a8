import { connect } from 'node:net';
import { PipelineError } from '../execution/pipeline-error.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What a local stack takes to accept a connection, many times over. */
const timeoutMs = 5000;

/** Why no connection can be made; null when one was. */
export async function findRefusal({ host, port }: Address): Promise<Error | null> {
  const { promise, resolve } = Promise.withResolvers<Error | null>();
  const socket = connect({ host, port, timeout: timeoutMs });
  socket.once('connect', () => resolve(null));
  socket.once('timeout', () => resolve(new Error(`no connection in ${timeoutMs} ms`)));
  socket.once('error', resolve);
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}

/**
 * Rejects when nothing accepts connections there. Google's clients try for minutes, which is right for a service that
 * comes back and wrong for a local stack that nobody started.
 */
export async function requireListening(variable: string, address: Address): Promise<void> {
  const cause = await findRefusal(address);
  if (cause === null) return;
  throw new PipelineError(
    'google/unavailable',
    `nothing answers at ${address.host}:${address.port}, where ${variable} points: is the local stack running (npm start)?`,
    { cause },
  );
}
