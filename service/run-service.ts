import { createJsonLog, type Log } from '../logging/logger.ts';

export interface RunningService {
  /** Finishes what is under way, takes nothing new and lets go of every connection. */
  close(): Promise<void>;
}

/** Cloud Run kills ten seconds after SIGTERM: what is left by then is better told of than cut off. */
const closeMs = 9000;

/**
 * Runs a service as this process until SIGTERM or SIGINT. Cloud Run sends SIGTERM and kills ten seconds later, so
 * the second signal ends the process at once.
 */
export async function runService(name: string, start: (log: Log) => Promise<RunningService>): Promise<void> {
  const log = createJsonLog(name, (line) => process.stdout.write(line), Date.now);
  const service = await start(log).catch((error: unknown) => {
    log('ERROR', 'cannot start', { error });
    process.exit(1);
  });
  log('INFO', 'started');
  const stop = (signal: string) => {
    log('INFO', 'stopping', { signal });
    process.once(signal, () => process.exit(1));
    setTimeout(() => {
      log('ERROR', 'stopped before everything was finished', { closeMs });
      process.exit(1);
    }, closeMs);
    service.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log('ERROR', 'stopping failed', { error });
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => stop(signal));
}
