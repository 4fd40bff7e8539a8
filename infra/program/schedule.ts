import * as gcp from '@pulumi/gcp';
import type { Resource } from '@pulumi/pulumi';
import { sweepSchedule } from '../schedule.ts';
import { topics } from '../topology.ts';
import { type Context, inGroup } from './context.ts';
import type { Topics } from './pubsub.ts';

/** Has the services look each minute for what was left behind. */
export function createSchedule(made: Topics, after: readonly Resource[], context: Context): void {
  const { cron, timeZone, message } = sweepSchedule;
  new gcp.cloudscheduler.Job(
    'sandbus-sweep',
    {
      name: 'sandbus-sweep',
      region: context.deployment.region,
      schedule: cron,
      timeZone,
      // A round that was missed is made up for by the next.
      retryConfig: { retryCount: 0 },
      pubsubTarget: {
        topicName: made.get(topics.sweep)?.id ?? '',
        data: Buffer.from(JSON.stringify(message)).toString('base64'),
      },
    },
    inGroup('schedule', { after: [...context.after, ...after] }),
  );
}
