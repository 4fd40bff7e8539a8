import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { HostAndPort } from '../../gcp/google-config.ts';

const betweenTriesMs = 200;

/** Some servers did not come up in time; the message names each with its address. */
export class ServersAwayError extends Error {
  override readonly name = 'ServersAwayError';
}

/**
 * Waits until each of `servers`, by its name, takes connections: emulators in Java need seconds, and may need a minute on
 * a busy machine. Throws ServersAwayError after `withinMs`.
 */
export async function awaitServers(servers: Readonly<Record<string, HostAndPort>>, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  const away = new Map(Object.entries(servers));
  while (away.size > 0) {
    for (const [name, address] of away) if (await takesConnections(address)) away.delete(name);
    if (away.size === 0) return;
    if (performance.now() > deadline) {
      const list = [...away].map(([name, { host, port }]) => `${name} at ${host}:${port}`).join(', ');
      throw new ServersAwayError(`not reached within ${withinMs / 1000} s: ${list}`);
    }
    await delay(betweenTriesMs);
  }
}

const takesConnections = ({ host, port }: HostAndPort): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (isUp: boolean) => {
      socket.destroy();
      resolve(isUp);
    };
    socket.setTimeout(2_000, () => settle(false));
    socket.once('connect', () => settle(true)).once('error', () => settle(false));
  });
