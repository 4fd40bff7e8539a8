import { describe, expect, it } from '@jest/globals';
import type { Delivery } from '../../../local/pubsub/consumer.ts';
import { StreamConsumer } from '../../../local/pubsub/stream-consumer.ts';

function deliveriesOf(sizes: readonly number[]): Delivery[] {
  return sizes.map((bytes, index) => ({
    ackId: `ack-${index}`,
    deliveryAttempt: 1,
    message: {
      seq: index,
      publishedMs: 0,
      bytes,
      wire: {
        data: Buffer.alloc(0),
        attributes: {},
        orderingKey: '',
        messageId: '1',
        publishTime: { seconds: 0, nanos: 0 },
      },
    },
  }));
}

function aConsumer(options: { taken?: boolean } = {}) {
  const writes: number[] = [];
  const consumer = new StreamConsumer(
    10_000,
    { maxOutstandingMessages: 0, maxOutstandingBytes: 0 },
    {
      write(deliveries) {
        writes.push(deliveries.length);
        return options.taken ?? true;
      },
      end() {},
    },
  );
  return { consumer, writes };
}

describe('a stream', () => {
  it('that the client does not read gets no more messages until it has taken what it was sent', () => {
    const { consumer } = aConsumer({ taken: false });
    consumer.send(deliveriesOf([1]));
    expect(consumer.hasRoom()).toBe(false);
    consumer.drained();
    expect(consumer.hasRoom()).toBe(true);
  });

  it('has room without end when the client sets no limit', () => {
    const { consumer } = aConsumer();
    for (let count = 0; count < 10_000; count++) consumer.leased(1_000_000);
    expect(consumer.hasRoom()).toBe(true);
  });

  it.each([
    { sizes: [1, 1, 1], responses: [3] },
    { sizes: Array.from({ length: 2_500 }, () => 1), responses: [1000, 1000, 500] },
    { sizes: [3_000_000, 1_194_304, 1], responses: [2, 1] },
    { sizes: [10_000_000, 1, 10_000_000], responses: [1, 1, 1] },
  ])('splits what is too much for one response into $responses', ({ sizes, responses }) => {
    const { consumer, writes } = aConsumer();
    consumer.send(deliveriesOf(sizes));
    expect(writes).toEqual(responses);
  });
});
