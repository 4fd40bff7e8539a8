import * as gcp from '@pulumi/gcp';
import type { Resource } from '@pulumi/pulumi';
import { retentionJob } from '../components.ts';
import { retentionCron, sweepSchedule } from '../schedule.ts';
import { envOf } from '../service-env.ts';
import { type Context, inGroup } from './context.ts';
import type { Accounts } from './identities.ts';

/** The job that ends old sessions and collects objects that nothing refers to. */
export function createRetention(accounts: Accounts, context: Context): gcp.cloudrunv2.Job {
  const { deployment } = context;
  const { plain } = envOf('retention', deployment);
  return new gcp.cloudrunv2.Job(
    retentionJob,
    {
      name: retentionJob,
      location: deployment.region,
      deletionProtection: false,
      template: {
        taskCount: 1,
        parallelism: 1,
        template: {
          // The next hour's round does what this one did not.
          maxRetries: 0,
          timeout: '3500s',
          serviceAccount: accounts.retention.email,
          executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2',
          containers: [
            {
              image: deployment.serviceImage,
              args: ['retention/main.ts'],
              envs: Object.entries(plain).map(([name, value]) => ({ name, value })),
              resources: { limits: { cpu: '1', memory: '1024Mi' } },
            },
          ],
        },
      },
    },
    inGroup('retention', context),
  );
}

/** Runs it each hour, as an account that may do nothing else. */
export function scheduleRetention(accounts: Accounts, after: readonly Resource[], context: Context): void {
  const { project, region } = context.deployment;
  new gcp.cloudscheduler.Job(
    retentionJob,
    {
      name: retentionJob,
      region,
      schedule: retentionCron,
      timeZone: sweepSchedule.timeZone,
      retryConfig: { retryCount: 0 },
      httpTarget: {
        httpMethod: 'POST',
        uri: `https://run.googleapis.com/v2/projects/${project}/locations/${region}/jobs/${retentionJob}:run`,
        oauthToken: { serviceAccountEmail: accounts.scheduler.email },
      },
    },
    inGroup('retention-schedule', { after: [...context.after, ...after] }),
  );
}
