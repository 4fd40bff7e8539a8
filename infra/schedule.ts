/** When the retention job runs. */
export const retentionCron = '17 * * * *';

/** What the schedule publishes to `exec-sweep`, and when. */
export const sweepSchedule = {
  cron: '* * * * *',
  timeZone: 'Etc/UTC',
  /** The body of a `sweep.v1`. */
  message: {},
} as const;
