import type { Duplex } from 'node:stream';

/**
 * Passes bytes both ways until both sides have said that they are done. The end of one side is passed on while the other
 * still sends; a side that breaks takes the other down with it.
 */
export function joinSockets(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy());
    from.on('close', () => {
      if (!from.readableEnded || !to.readableEnded) to.destroy();
    });
    from.pipe(to);
  }
}
