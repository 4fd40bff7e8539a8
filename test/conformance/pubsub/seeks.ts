import { type GeneratedClients, type Line, snapshotPath } from './pubsub-fixture.ts';

export const timestamp = (ms: number) => ({ seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 });

/** Seeks and snapshots of lines. */
export interface Seeks {
  toTime(line: Line, ms: number): Promise<void>;
  toSnapshot(line: Line, snapshot: string): Promise<void>;
  /** Gives the name. */
  takeSnapshot(line: Line): Promise<string>;
}

/** The clients are asked for with each call: tests have them only once their server runs. */
export function createSeeks(clients: () => GeneratedClients): Seeks {
  let snapshots = 0;
  return {
    async toTime({ subscription }, ms) {
      await clients().subscriber.seek({ subscription, time: timestamp(ms) });
    },
    async toSnapshot({ subscription }, snapshot) {
      await clients().subscriber.seek({ subscription, snapshot });
    },
    async takeSnapshot({ subscription }) {
      snapshots += 1;
      const name = snapshotPath(`snapshot-${snapshots}`);
      await clients().subscriber.createSnapshot({ name, subscription });
      return name;
    },
  };
}

export async function publishAndAck(line: Line, ...texts: string[]): Promise<void> {
  await line.publish(...texts);
  await line.ack(...(await line.receive(texts.length)));
}
