import { topics } from '../infra/topology.ts';
import type { Notification } from '../schemas/generated/messages.ts';
import { parseMessage } from '../schemas/parse-message.ts';
import { createChannel } from './channel.ts';
import type { IncomingMessage } from './client-ports.ts';
import type { StartContext } from './start-execution.ts';

/** Stored outcomes as they come, each once. Ends by `return()`, as leaving a `for await` does, or with the client. */
export interface EventStream extends AsyncIterableIterator<Notification> {
  /** Resolves when the stream hears what is stored from then on; rejects when it could not be set up. */
  readonly ready: Promise<void>;
  return(): Promise<IteratorResult<Notification>>;
}

/** Notifications come at least once; so many of the latest are known again. */
const rememberedEvents = 1000;

/** `filter` is a Pub/Sub filter over attributes; the empty one lets everything through. */
export function openEventStream({ ports, work }: StartContext, filter: string): EventStream {
  const channel = createChannel<Notification>({ retain: false });
  const isNew = createMemory(rememberedEvents);
  const onMessage = ({ data, attributes }: IncomingMessage) => {
    const parsed = parseMessage('notification.v1', data, attributes);
    if (!parsed.ok) return;
    const { message } = parsed;
    if (isNew(`${message.executionId} ${message.generation}`)) channel.push(message);
  };
  const listener = ports.listen(topics.notifications, filter, onMessage, (error) => channel.end(error));
  const ready = listener.then(() => {});
  ready.catch((error: Error) => channel.end(error));

  const hasEnded = work.add(() => {
    channel.end();
    close();
  });
  const close = () => {
    hasEnded();
    work.settle(listener.then((running) => running.close()));
  };
  const events = channel.iterate(close);
  return {
    ready,
    next: () => events.next(),
    return: async () => (await events.return?.()) ?? { done: true, value: undefined },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Tells whether a key is new, as far back as the last `size` keys. */
function createMemory(size: number): (key: string) => boolean {
  const keys = new Set<string>();
  return (key) => {
    if (keys.has(key)) return false;
    keys.add(key);
    const [oldest] = keys;
    if (keys.size > size && oldest !== undefined) keys.delete(oldest);
    return true;
  };
}
