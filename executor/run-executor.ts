import { randomUUID } from 'node:crypto';
import process from 'node:process';
import type { Env } from '../configuration/env-reader.ts';
import { readAll } from '../configuration/read-all.ts';
import { launchEnvironment } from '../execution/lease-protocol.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import { createJsonLog } from '../logging/logger.ts';
import { readExecutorConfig } from './config.ts';
import { createLeaseClient } from './lease-client.ts';
import type { PublisherThreadData } from './publisher-messages.ts';
import type { ExecutorPublisher } from './publishing.ts';
import type { Shutdown } from './shutdown.ts';
import { createThreadedPublisher } from './threaded-publisher.ts';

/*
 * What stands between the start of a job and its claim is what a user waits for, so this file imports little: the rest is
 * loaded while the claim is on its way, and Google's client while the command runs.
 */

const processStartedAt = Date.now() - process.uptime() * 1000;
const log = createJsonLog('executor', (line) => process.stdout.write(line), Date.now);

/** The answers to a claim that mean: this job is not needed. */
const standDown: readonly string[] = ['lease/claimed', 'lease/unknown', 'lease/expired', 'lease/unauthorized'];

type ReadGoogleConfig = (env: Env) => PublisherThreadData['google'];

/** Claims a lease and serves it to its end. Takes the secrets of the launch out of `env`. Resolves with the exit code. */
export async function runExecutor(
  env: Record<string, string | undefined>,
  readGoogle: ReadGoogleConfig,
): Promise<number> {
  try {
    await execute(env, readGoogle);
    return 0;
  } catch (error) {
    const known = error instanceof PipelineError && { code: error.code, hint: error.hint };
    log('ERROR', 'the executor failed', { error, ...known });
    return 1;
  }
}

async function execute(env: Record<string, string | undefined>, readGoogle: ReadGoogleConfig): Promise<void> {
  const [config, google] = readAll(
    () => readExecutorConfig(env),
    () => readGoogle(env),
  );
  for (const name of Object.values(launchEnvironment)) delete env[name];
  process.umask(0o022);

  const shutdown = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log('INFO', 'shutting down', { signal });
      shutdown.abort({ at: performance.now() } satisfies Shutdown);
    });
  }
  // Cloud Run announces a move of the task with it. Its default would stop this process.
  process.on('SIGTSTP', () => log('INFO', 'SIGTSTP ignored'));

  const client = createLeaseClient(config.lease);
  const publisher = createPublisherHolder(() => createThreadedPublisher({ google }));
  try {
    const claimSentAt = performance.now();
    const claim = client.claim({ owner: randomUUID(), cloudRunExecution: config.cloudRunExecution }, shutdown.signal);
    const granted = claim.catch(refuseOrThrow);
    const [{ serveLease }, grant] = await Promise.all([import('./serve-lease.ts'), granted]);
    if (grant === null) return;
    const bootMs = Date.now() - processStartedAt;
    const launchMs = Math.max(0, processStartedAt - grant.assignment.launchedAt);
    const stagesBefore = { launchMs: Math.round(launchMs), bootMs: Math.round(bootMs) };
    await serveLease({
      config,
      client,
      grant,
      claimSentAt,
      stagesBefore,
      shutdown: shutdown.signal,
      publisher: publisher.get,
      log,
    });
  } finally {
    client.close();
    await publisher.close();
  }
}

/** Null when the claim is refused for good: another job has the lease, or nobody needs it any more. */
function refuseOrThrow(error: unknown): null {
  if (!(error instanceof PipelineError) || !standDown.includes(error.code)) throw error;
  log('INFO', 'standing down', { code: error.code, error });
  return null;
}

/** Nothing of the publisher is loaded before it is first asked for. */
function createPublisherHolder(start: () => ExecutorPublisher) {
  let held: ExecutorPublisher | null = null;
  return {
    get(): ExecutorPublisher {
      held ??= start();
      return held;
    },
    async close(): Promise<void> {
      await held?.close();
    },
  };
}
