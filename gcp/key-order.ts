import { type Disposition, nack } from '../execution/delivery.ts';

/**
 * Runs work of one ordering key one at a time, in the order in which it came; work of other keys, and of none, runs at
 * once. Pub/Sub delivers a key in order, but it may hand out several messages at a time, and its Node client starts
 * them all.
 *
 * After a nack, what had already come behind it is nacked unhandled: Pub/Sub delivers it again after the nacked one
 * (https://docs.cloud.google.com/pubsub/docs/ordering), and handling it now would turn the order round.
 */
export function createKeyOrder() {
  const lastByKey = new Map<string, Promise<Disposition>>();

  return (key: string, work: () => Promise<Disposition>): Promise<Disposition> => {
    if (key === '') return work();
    const before = lastByKey.get(key);
    const mine = before === undefined ? work() : before.then((earlier) => after(earlier, work));
    // The tail never rejects: work that throws is no answer, so what comes behind it waits for another delivery too.
    const tail = mine.catch((): Disposition => nack('the one before it failed'));
    lastByKey.set(key, tail);
    void tail.then(() => {
      if (lastByKey.get(key) === tail) lastByKey.delete(key);
    });
    return mine;
  };
}

const after = (earlier: Disposition, work: () => Promise<Disposition>): Disposition | Promise<Disposition> =>
  earlier.kind === 'ack' ? work() : nack('the one before it with the same ordering key was nacked');
