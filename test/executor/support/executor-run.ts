import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPubsubClient } from '../../../gcp/pubsub-client.ts';
import { topics } from '../../../infra/topology.ts';
import { startPubsubServer } from '../../../local/pubsub/server.ts';
import type { CompletionEvent, OutputChunk } from '../../../schemas/generated/messages.ts';
import { until } from '../../support/until.ts';
import { type LeaseApi, launchSecret } from './lease-api.ts';

export interface ReceivedMessage {
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey: string | undefined;
}

/** Pub/Sub as an executor finds it, and what executors published to it. */
export interface Publications {
  readonly env: Readonly<Record<string, string>>;
  readonly results: readonly ReceivedMessage[];
  readonly output: readonly ReceivedMessage[];
  /** The completion event of an execution, once it is there. */
  completionOf(executionId: string): Promise<CompletionEvent>;
  chunksOf(executionId: string): OutputChunk[];
  close(): Promise<void>;
}

const projectId = 'executor-test';

export async function startPublications(): Promise<Publications> {
  const server = await startPubsubServer();
  const pubsub = createPubsubClient({ projectId, bucket: 'unused', endpoints: { pubsub: server } });
  const closers: (() => Promise<void>)[] = [];
  const collect = async (topicName: string): Promise<ReceivedMessage[]> => {
    const [topic] = await pubsub.createTopic(topicName);
    const [subscription] = await topic.createSubscription(`${topicName}-test`, { enableMessageOrdering: true });
    const messages: ReceivedMessage[] = [];
    closers.push(() => subscription.close());
    subscription.on('message', (message) => {
      messages.push({ data: message.data, attributes: message.attributes, orderingKey: message.orderingKey });
      message.ack();
    });
    return messages;
  };
  const results = await collect(topics.results);
  const output = await collect(topics.output);
  const parse = <T>({ data }: ReceivedMessage) => JSON.parse(data.toString()) as T;
  return {
    env: {
      PUBSUB_EMULATOR_HOST: `${server.host}:${server.port}`,
      GOOGLE_CLOUD_PROJECT: projectId,
      SANDBUS_BUCKET: 'unused',
    },
    results,
    output,
    completionOf: (executionId) =>
      until(`the completion event of ${executionId}`, () => {
        const found = results.find(({ attributes }) => attributes.executionId === executionId);
        return found === undefined ? null : parse<CompletionEvent>(found);
      }),
    chunksOf: (executionId) =>
      output.filter(({ attributes }) => attributes.executionId === executionId).map((one) => parse<OutputChunk>(one)),
    async close() {
      for (const close of closers) await close();
      await pubsub.close();
      await server.close();
    },
  };
}

export interface ExecutorProcess {
  readonly pid: number;
  /** The folder that it was given for its sessions. */
  readonly scratch: string;
  /** What it wrote to its own stdout and stderr. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null; readonly log: string }>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves once its log has this text. */
  logged(text: string): Promise<void>;
  /** What it left in its scratch folder; that folder is then removed. */
  leftovers(): string[];
}

export interface ExecutorOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Runs it under this uid; needs root. */
  readonly uid?: number;
  readonly nodeArgs?: readonly string[];
  /** A program that becomes the executor, which is added to these arguments. */
  readonly around?: readonly string[];
  /** The whole command line, in the place of this Node and the program: it is told the names of the variables. */
  readonly instead?: (variables: readonly string[]) => readonly string[];
}

const mainPath = join(import.meta.dirname, '../../../executor/main.ts');

/** Starts the real program as a job would, with nothing in its environment but what a job gets. */
export function startExecutor(
  api: LeaseApi,
  publications: Publications,
  options: ExecutorOptions = {},
): ExecutorProcess {
  const scratch = mkdtempSync(join(tmpdir(), 'executor-test-'));
  chmodSync(scratch, options.uid === undefined ? 0o711 : 0o777);
  const env = {
    SANDBUS_LEASE_ID: 'l-1',
    SANDBUS_LEASE_SECRET: launchSecret,
    SANDBUS_LEASE_API_URL: api.url,
    EXECUTOR_LINGER_MS: '0',
    ...publications.env,
    ...options.env,
  };
  const [program = '', ...args] = options.instead?.(Object.keys(env)) ?? [
    ...(options.around ?? []),
    ...[process.execPath, ...(options.nodeArgs ?? []), mainPath],
  ];
  const child = spawn(program, args, {
    env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', TMPDIR: scratch, ...env },
    ...(options.uid !== undefined && { uid: options.uid, gid: options.uid }),
    // An engine leaves word there of a container that passed its memory.
    ...(options.instead !== undefined && { cwd: scratch }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  const ended = new Promise<Awaited<ExecutorProcess['ended']>>((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => resolve({ code, signal, log }));
  });
  return {
    pid: child.pid as number,
    scratch,
    ended,
    kill: (signal) => void child.kill(signal),
    logged: async (text) => void (await until(`"${text}" in the log`, () => (log.includes(text) ? true : null))),
    leftovers() {
      const found = existsSync(scratch) ? readdirSync(scratch) : [];
      rmSync(scratch, { recursive: true, force: true });
      return found;
    },
  };
}
