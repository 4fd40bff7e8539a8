import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPubsubServer } from '../../../local/pubsub/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { type ConnectedPubsub, connectPubsub, type Line, snapshotPath } from './pubsub-fixture.ts';

onEachServer(
  googleEmulators.pubsub,
  () => startPubsubServer(),
  ({ start }) => {
    let fixture: ConnectedPubsub;
    beforeAll(async () => {
      fixture = await connectPubsub(await start());
    });
    afterAll(() => fixture.close());

    const _seconds = (value: number) => ({ seconds: value, nanos: 0 });
    const timestamp = (ms: number) => ({ seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 });
    const _seekToTime = (line: Line, ms: number) =>
      fixture.subscriber.seek({ subscription: line.subscription, time: timestamp(ms) });
    const _seekToSnapshot = (line: Line, snapshot: string) =>
      fixture.subscriber.seek({ subscription: line.subscription, snapshot });

    let snapshots = 0;
    async function _takeSnapshot(line: Line): Promise<string> {
      snapshots += 1;
      const name = snapshotPath(`snapshot-${snapshots}`);
      await fixture.subscriber.createSnapshot({ name, subscription: line.subscription });
      return name;
    }

    async function _publishAndAck(line: Line, ...texts: string[]): Promise<void> {
      await line.publish(...texts);
      await line.ack(...(await line.receive(1)));
    }

    describe('a seek to a time', () => {
      it('needs a target', async () => {
        const line = await fixture.createLine();
        await expect(fixture.subscriber.seek({ subscription: line.subscription })).rejects.toMatchObject({ code: 3 });
      });
    });
  },
);
