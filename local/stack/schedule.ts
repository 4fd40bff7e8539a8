import process from 'node:process';
import { runService } from '../../service/run-service.ts';
import { startRetentionTimer } from '../retention-timer.ts';
import { startSweepTimer } from '../sweep-timer.ts';

/** `node local/stack/schedule.ts`: what Cloud Scheduler does in production, until SIGTERM. */

const sweepEveryMs = 5_000;
const retentionEveryMs = 60_000;

await runService('schedule', async (log) => {
  const stops = [
    startSweepTimer(process.env, sweepEveryMs, log),
    startRetentionTimer(process.env, retentionEveryMs, log),
  ];
  return {
    async close() {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
});
