import type { OutgoingMessage, Publisher } from '../../gcp/publisher.ts';
import { topics } from '../../infra/topology.ts';
import type { ExecControl, ExecRequest } from '../../schemas/generated/messages.ts';
import { type Random, wholeNumber } from '../support/seeded-random.ts';
import type { Asked } from './ledger.ts';

/** A deadline only for what cannot be: Pub/Sub is always started again. */
const insistMs = 120_000;
const againMs = 300;
const tickMs = 250;
const maxOutstanding = 3;
/** An announcement may be long in coming when what makes it is killed; a session goes on asking after this time. */
const patienceMs = 20_000;

export interface LoadOptions {
  readonly sessions: number;
  readonly publisher: Publisher;
  readonly random: Random;
  /** The file to which each command appends its execution id. */
  readonly counter: string;
  readonly notified: ReadonlySet<string>;
  readonly isOver: () => boolean;
}

export interface Load {
  readonly asked: readonly Asked[];
  readonly garbage: number;
  /** Resolves when it is over and all that it had to publish is. */
  readonly done: Promise<void>;
}

/** Asks again until the answer is there: an unknown answer is none, so that the same is asked again. */
export async function insist<T>(what: string, call: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + insistMs;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (performance.now() > deadline) throw new Error(`${what}: not within ${insistMs} ms`, { cause: error });
      await pause(againMs);
    }
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Keeps some executions of each session outstanding: plain, slow, failing, repeatable, twice, cancelled, broken. */
export function startLoad({ sessions, publisher, random, counter, notified, isOver }: LoadOptions): Load {
  const asked: Asked[] = [];
  let garbage = 0;
  const later: Promise<void>[] = [];
  const publish = (topic: string, data: string, orderingKey?: string) => {
    const message: OutgoingMessage = { data: Buffer.from(data), attributes: {}, ...(orderingKey && { orderingKey }) };
    return insist(`publish to ${topic}`, () => publisher.publish(topic, message));
  };
  const after = (ms: number, act: () => Promise<unknown>) => later.push(pause(ms).then(async () => void (await act())));

  async function ask(sessionId: string, number: number): Promise<void> {
    const executionId = `${sessionId}-${number}`;
    const kind = random();
    const isSlow = kind < 0.15;
    const isBroken = kind > 0.96;
    const maxStarts = kind > 0.85 && kind <= 0.92 ? 3 : 1;
    const isDoubled = random() < 0.2;
    const count = `echo ${executionId} >> ${counter}; echo ${executionId} >> history; wc -l < history`;
    const command = isSlow ? `${count}; sleep 2` : kind < 0.22 ? `${count}; exit 3` : count;
    const request: ExecRequest = {
      ...{ executionId, sessionId, tenantId: `tenant-${Number(sessionId.slice(1)) % 3}`, command },
      ...(maxStarts > 1 && { retry: { maxGenerations: maxStarts } }),
    };
    const data = JSON.stringify(isBroken ? { executionId, sessionId, comand: command } : request);
    await publish(topics.requests, data, sessionId);
    asked.push({ ...{ executionId, sessionId, maxStarts, isBroken }, duplicates: isDoubled ? 2 : 0 });
    if (isDoubled) {
      await publish(topics.requests, data, sessionId);
      after(wholeNumber(random, 500, 8000), () => publish(topics.requests, data, sessionId));
    }
    if (isSlow && random() < 0.5) {
      const cancel: ExecControl = { sessionId, action: { kind: 'cancel', executionId } };
      after(wholeNumber(random, 0, 2500), () => publish(topics.control, JSON.stringify(cancel), sessionId));
    }
    if (kind > 0.99) {
      await publish(topics.requests, 'not a request');
      garbage += 1;
    }
  }

  async function runSession(sessionId: string): Promise<void> {
    let number = 0;
    const outstanding = () =>
      asked.filter((one) => one.sessionId === sessionId && !notified.has(one.executionId)).length;
    let lastAt = 0;
    while (!isOver()) {
      if (outstanding() < maxOutstanding || performance.now() - lastAt > patienceMs) {
        await ask(sessionId, ++number);
        lastAt = performance.now();
      }
      await pause(tickMs);
    }
  }

  const running = Array.from({ length: sessions }, (_, n) => runSession(`s${n + 1}`));
  return {
    asked,
    get garbage() {
      return garbage;
    },
    done: Promise.all(running).then(async () => void (await Promise.all(later))),
  };
}
