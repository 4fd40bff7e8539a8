import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createGeneratedClients, createLine, type GeneratedClients, type Line } from './pubsub-fixture.ts';

const batch = 1000;
/** Messages that pass through; `PUBSUB_MEMORY_MESSAGES` asks for other numbers than those of every test run. */
const asked = process.env.PUBSUB_MEMORY_MESSAGES;
const inMemory = Number(asked ?? 1_000_000);
const inFile = Number(asked ?? 200_000);
const megabyte = 1024 * 1024;

let dataDir: string;
let child: ChildProcess;
let clients: GeneratedClients;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pubsub-memory-'));
});
afterEach(async () => {
  await Promise.all([clients.publisher.close(), clients.subscriber.close()]);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  await rm(dataDir, { recursive: true, force: true });
});

async function startServer(...args: string[]): Promise<void> {
  const execArgv = ['--no-warnings', '--expose-gc'];
  const env = { ...process.env, NODE_OPTIONS: '' };
  child = fork(join(import.meta.dirname, 'measured-server.ts'), args, { execArgv, env });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  clients = createGeneratedClients({ host: '127.0.0.1', port });
}

async function bytesInUse(): Promise<number> {
  const answer = once(child, 'message');
  child.send('measure');
  const [{ bytes }] = (await answer) as [{ bytes: number }];
  return bytes;
}

/** Publishes, pulls and acknowledges; the messages have 100 bytes and one of 1,000 ordering keys each. */
async function passThrough(line: Line, messages: number): Promise<void> {
  const data = Buffer.alloc(100, 'x');
  const requests = Array.from({ length: batch }, (_, index) => ({ data, orderingKey: `key-${index}` }));
  for (let passed = 0; passed < messages; passed += batch) {
    await line.publish(...requests);
    await line.ack(...(await line.receive(batch)));
  }
}

/** What is in use after a tenth of the messages and after all of them. */
async function measure(line: Line, messages: number): Promise<{ readonly early: number; readonly late: number }> {
  await passThrough(line, messages / 10);
  const early = await bytesInUse();
  await passThrough(line, messages - messages / 10);
  return { early, late: await bytesInUse() };
}

describe('the memory of a server', () => {
  it(`is the same after ${inMemory} messages as after a tenth of them`, async () => {
    await startServer();
    const line = await createLine(clients, 'line', { enableMessageOrdering: true });
    const { early, late } = await measure(line, inMemory);
    expect(late - early).toBeLessThan(16 * megabyte);
  }, 300_000);

  it(`and its data file are the same after ${inFile} messages as after a tenth of them`, async () => {
    await startServer(dataDir);
    const line = await createLine(clients, 'line', { enableMessageOrdering: true });
    const { early, late } = await measure(line, inFile);
    const files = await readdir(dataDir);
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(dataDir, file))).size));
    expect(late - early).toBeLessThan(16 * megabyte);
    // The write-ahead log has 16 MB before it is folded into the file.
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(32 * megabyte);
  }, 300_000);
});
