import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPubsubServer } from '../../../local/pubsub/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { type ConnectedPubsub, connectPubsub, type Line, textsOf } from './pubsub-fixture.ts';

onEachServer(
  googleEmulators.pubsub,
  () => startPubsubServer(),
  ({ start, unlikeEmulator }) => {
    let fixture: ConnectedPubsub;
    beforeAll(async () => {
      fixture = await connectPubsub(await start());
    });
    afterAll(() => fixture.close());

    async function pullOne(line: Line) {
      const [message] = await line.pull();
      return message!;
    }

    describe('a delivered message', () => {
      it('gets a new ack id and keeps its message id with each delivery', async () => {
        const line = await fixture.createLine();
        await line.publish('again');
        const first = await pullOne(line);
        await line.nack(first);
        const second = await pullOne(line);
        expect(second.message?.messageId).toBe(first.message?.messageId);
        expect(second.ackId).not.toBe(first.ackId);
      });

      it('is delivered again at once after a nack', async () => {
        const line = await fixture.createLine();
        await line.publish('nacked');
        await line.nack(await pullOne(line));
        expect(textsOf(await line.receive(1))).toEqual(['nacked']);
      });

      it('may be acknowledged more than once', async () => {
        const line = await fixture.createLine();
        await line.publish('done');
        const message = await pullOne(line);
        await line.ack(message);
        await expect(line.ack(message)).resolves.toBeUndefined();
      });
    });

    describe('modifyAckDeadline', () => {
      const extend = (line: Line, ackId: string, ackDeadlineSeconds: number) =>
        fixture.subscriber.modifyAckDeadline({ subscription: line.subscription, ackIds: [ackId], ackDeadlineSeconds });

      unlikeEmulator('the emulator takes 601 and names no field').each([-1, 601])(
        'refuses %i seconds, and says which field',
        async (seconds) => {
          const line = await fixture.createLine();
          await line.publish('bounds');
          const message = await pullOne(line);
          await expect(extend(line, message.ackId!, seconds)).rejects.toMatchObject({
            code: 3,
            message: expect.stringContaining('ack_deadline_seconds'),
          });
        },
      );

      it.each([1, 600])('accepts %i seconds', async (seconds) => {
        const line = await fixture.createLine();
        await line.publish('bounds');
        const message = await pullOne(line);
        await expect(extend(line, message.ackId!, seconds)).resolves.toBeDefined();
      });
    });

    describe('ack ids that a subscription never gave out', () => {
      it('include those of other subscriptions', async () => {
        const [line, other] = [await fixture.createLine(), await fixture.createLine()];
        await other.publish('theirs');
        await expect(line.ack(await pullOne(other))).rejects.toMatchObject({ code: 3 });
      });

      it('may not be missing', async () => {
        const line = await fixture.createLine();
        await expect(line.ack()).rejects.toMatchObject({ code: 3 });
      });
    });

    describe('a retry policy', () => {
      const seconds = (value: number) => ({ seconds: value, nanos: 0 });
      const policy = { retryPolicy: { minimumBackoff: seconds(10), maximumBackoff: seconds(40) } };

      unlikeEmulator('the emulator does not back off')('does not hold back other messages', async () => {
        const line = await fixture.createLine(policy);
        await line.publish('failing');
        await line.nack(await pullOne(line));
        await line.publish('healthy');
        expect(textsOf(await line.receive(1))).toEqual(['healthy']);
      });
    });
  },
);
