import type { Env } from '../configuration/env-reader.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { Log } from '../logging/logger.ts';
import { openRetention } from '../retention/main.ts';

/** Runs a round of retention now and then, as a schedule does with the job in production. Returns how to stop it. */
export function startRetentionTimer(env: Env, everyMs: number, log: Log): () => Promise<void> {
  const retention = openRetention(env, log);
  let running: Promise<unknown> = Promise.resolve();
  let isRunning = false;
  const timer = setInterval(() => {
    // A round that takes long is not joined by another.
    if (isRunning) return;
    isRunning = true;
    running = retention
      .round()
      .catch((error: unknown) =>
        log('WARNING', 'retention failed', { error: PipelineError.from(error, 'google/failed') }),
      )
      .finally(() => {
        isRunning = false;
      });
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await running;
    await retention.close();
  };
}
