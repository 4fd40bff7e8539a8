import {
  createGeneratedClients,
  type GeneratedClients,
  keyed,
  lineOf,
  textsOf,
} from '../../conformance/pubsub/pubsub-fixture.ts';
import { type KillWriters, repeatUntilKilled } from './kill-loop.ts';

const publishers = 3;
/** Of each publisher, so that all messages of a key come from one. */
const keys = 6;
const batchSize = 6;
const pulledAtOnce = 3;
const subscribers = 4;

/** A call that the killed server leaves without an answer is not sent again: the ledger says what was answered. */
const once = { retry: { retryCodes: [] } };

type Clients = GeneratedClients & AsyncDisposable;

function connect(port: number): Clients {
  const clients = createGeneratedClients({ host: '127.0.0.1', port });
  return {
    ...clients,
    async [Symbol.asyncDispose]() {
      await Promise.all([clients.publisher.close(), clients.subscriber.close()]);
    },
  };
}

const textOf = (publisher: number, number: number) => `${publisher}:${number}`;
const keyOf = (text: string) => {
  const [publisher = 0, number = 0] = text.split(':').map(Number);
  return `key-${publisher}-${number % keys}`;
};

/** Publishers and subscribers of one ordered subscription. */
export function createPubsubWriters() {
  const { topic, subscription } = lineOf({} as GeneratedClients, 'line');
  /** What the clients were told; what they asked for without hearing the answer may have happened or not. */
  const published = new Set<string>();
  const unanswered: string[][] = [];
  const received = new Set<string>();
  const ackAsked = new Set<string>();
  const acked = new Set<string>();
  /** By key, the number of the latest message that was acknowledged. */
  const latest = new Map<string, number>();
  const faults: string[] = [];
  const nextNumbers = Array.from({ length: publishers }, () => 0);
  let isPrepared = false;

  const receive = (texts: readonly string[]) => {
    for (const text of texts) {
      received.add(text);
      if (acked.has(text)) faults.push(`message ${text} came again after its acknowledgement`);
      const number = Number(text.split(':')[1]);
      if (number < (latest.get(keyOf(text)) ?? -1)) faults.push(`message ${text} came after a later one of its key`);
    }
  };
  const publishBatch = async ({ publisher: client }: GeneratedClients, publisher: number) => {
    const first = nextNumbers[publisher] ?? 0;
    nextNumbers[publisher] = first + batchSize;
    const texts = Array.from({ length: batchSize }, (_, index) => textOf(publisher, first + index));
    unanswered.push(texts);
    await client.publish({ topic, messages: texts.map((text) => keyed(keyOf(text), text)) }, once);
    unanswered.splice(unanswered.indexOf(texts), 1);
    for (const text of texts) published.add(text);
  };
  const pullAndAck = async ({ subscriber }: GeneratedClients) => {
    // Without waiting for a first message: while there is none, this is no write.
    for (;;) {
      const request = { subscription, maxMessages: pulledAtOnce, returnImmediately: true };
      const [{ receivedMessages }] = await subscriber.pull(request, once);
      const messages = receivedMessages ?? [];
      if (messages.length === 0) continue;
      const texts = textsOf(messages);
      receive(texts);
      for (const text of texts) ackAsked.add(text);
      await subscriber.acknowledge({ subscription, ackIds: messages.map(({ ackId }) => ackId ?? '') }, once);
      for (const text of texts) {
        acked.add(text);
        latest.set(keyOf(text), Number(text.split(':')[1]));
      }
      return;
    }
  };

  const writers: KillWriters<number> = {
    async check(port) {
      await using clients = connect(port);
      if (!isPrepared) {
        await clients.publisher.createTopic({ name: topic });
        await clients.subscriber.createSubscription({
          name: subscription,
          topic,
          enableMessageOrdering: true,
          // Longer than any life: only an end of the server brings a message again.
          ackDeadlineSeconds: 600,
        });
        isPrepared = true;
      }
      return faults.splice(0);
    },
    async write(port, life) {
      await using clients = connect(port);
      const publishing = nextNumbers.map((_, publisher) =>
        repeatUntilKilled(life, () => publishBatch(clients, publisher)),
      );
      const subscribing = Array.from({ length: subscribers }, () => repeatUntilKilled(life, () => pullAndAck(clients)));
      await Promise.all([...publishing, ...subscribing]);
    },
  };
  return {
    ...writers,
    counts: () => ({ published: published.size, acked: acked.size }),
    /** Takes all that is left, and compares it with what was acknowledged over all lives. */
    async drain(port: number): Promise<readonly string[]> {
      await using clients = connect(port);
      const line = lineOf(clients, 'line');
      const left: string[] = [];
      for (let messages = await line.pull(); messages.length > 0; messages = await line.pull()) {
        const texts = textsOf(messages);
        receive(texts);
        left.push(...texts);
        await line.ack(...messages);
      }
      const there = new Set(left);
      const gone = [...published].filter((text) => !there.has(text) && !ackAsked.has(text));
      const inPart = unanswered.filter((texts) => new Set(texts.map((text) => received.has(text))).size > 1);
      const disordered = [...Map.groupBy(left, keyOf)].filter(([, texts]) => !isRising(texts));
      return [
        ...faults.splice(0),
        ...gone.map((text) => `message ${text} was acknowledged to its publisher and is gone`),
        ...inPart.map(([first]) => `of the request that began with ${first} only a part was published`),
        ...disordered.map(([key, texts]) => `${key} came in the order ${texts}`),
      ];
    },
  };
}

function isRising(texts: readonly string[]): boolean {
  const numbers = texts.map((text) => Number(text.split(':')[1]));
  return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
}
