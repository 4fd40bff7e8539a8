import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findFreePort } from '../../../local/free-port.ts';
import { type RunningProgram, startProgram } from '../../support/run-program.ts';
import { createGeneratedClients, createLine, type GeneratedClients, keyed, lineOf, textsOf } from './pubsub-fixture.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pubsub-kill-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const program = join(import.meta.dirname, 'serve-pubsub.ts');
const keys = 5;
const batchSize = 10;

/** What the client was told; what it asked for without hearing the answer may have happened or not. */
interface Ledger {
  readonly published: Set<string>;
  readonly ackAsked: Set<string>;
  readonly acked: Set<string>;
  next: number;
}

type Process = GeneratedClients & { readonly program: RunningProgram };

async function startProcess(): Promise<Process> {
  const port = await findFreePort();
  const running = startProgram([process.execPath, '--no-warnings', program, dataDir, String(port)]);
  await running.printed('serving');
  return { program: running, ...createGeneratedClients({ host: '127.0.0.1', port }) };
}

async function endProcess({ program: running, publisher, subscriber }: Process): Promise<void> {
  running.kill('SIGKILL');
  await running.ended;
  await Promise.all([publisher.close(), subscriber.close()]);
}

/** A call that the killed server leaves without an answer is not sent again: the ledger says what was answered. */
const once = { retry: { retryCodes: [] } };

async function publishUntilKilled({ publisher }: Process, ledger: Ledger): Promise<void> {
  const { topic } = lineOf({} as GeneratedClients, 'line');
  for (;;) {
    const texts = Array.from({ length: batchSize }, () => String(ledger.next++));
    const messages = texts.map((text) => keyed(`key-${Number(text) % keys}`, text));
    const answered = await publisher.publish({ topic, messages }, once).then(
      () => true,
      () => false,
    );
    if (!answered) return;
    for (const text of texts) ledger.published.add(text);
  }
}

async function ackUntilKilled({ subscriber }: Process, ledger: Ledger): Promise<void> {
  const { subscription } = lineOf({} as GeneratedClients, 'line');
  const step = async () => {
    const [{ receivedMessages }] = await subscriber.pull(
      { subscription, maxMessages: 3, returnImmediately: true },
      once,
    );
    const messages = receivedMessages ?? [];
    if (messages.length === 0) return;
    for (const text of textsOf(messages)) ledger.ackAsked.add(text);
    await subscriber.acknowledge({ subscription, ackIds: messages.map(({ ackId }) => ackId ?? '') }, once);
    for (const text of textsOf(messages)) ledger.acked.add(text);
  };
  for (let alive = true; alive; ) {
    alive = await step().then(
      () => true,
      () => false,
    );
  }
}

async function drain(server: Process): Promise<string[]> {
  const line = lineOf(server, 'line');
  const texts: string[] = [];
  for (let messages = await line.pull(); messages.length > 0; messages = await line.pull()) {
    texts.push(...textsOf(messages));
    await line.ack(...messages);
  }
  return texts;
}

describe('a server that is killed while it is written to', () => {
  it('has lost nothing that it acknowledged, brings back nothing that was acknowledged to it, and keeps the order of keys', async () => {
    const ledger: Ledger = { published: new Set(), ackAsked: new Set(), acked: new Set(), next: 0 };
    const first = await startProcess();
    await createLine(first, 'line', { enableMessageOrdering: true });
    await endProcess(first);
    for (const lifeMs of [137, 23, 211, 71, 160]) {
      const server = await startProcess();
      const timer = setTimeout(() => server.program.kill('SIGKILL'), lifeMs);
      await Promise.all([publishUntilKilled(server, ledger), ackUntilKilled(server, ledger)]);
      clearTimeout(timer);
      await endProcess(server);
    }
    const last = await startProcess();
    const left = await drain(last);
    await endProcess(last);
    expect(ledger.acked.size).toBeGreaterThan(0);
    expect([...ledger.published].filter((text) => !left.includes(text) && !ledger.ackAsked.has(text))).toEqual([]);
    expect(left.filter((text) => ledger.acked.has(text))).toEqual([]);
    const ofKey = (key: number) => left.map(Number).filter((number) => number % keys === key);
    const orders = Array.from({ length: keys }, (_, key) => ofKey(key));
    expect(orders).toEqual(orders.map((numbers) => [...new Set(numbers)].toSorted((a, b) => a - b)));
  });
});
