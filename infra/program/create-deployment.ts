import { retentionJob } from '../components.ts';
import type { Deployment } from '../deployment.ts';
import { jobEnds as watchdog } from '../watchdog.ts';
import { enableApis, nameAgents } from './apis.ts';
import { createAudit } from './audit.ts';
import { createBucket } from './bucket.ts';
import { createBudget } from './budget.ts';
import type { Context } from './context.ts';
import { createDatabase } from './firestore.ts';
import { createGrants } from './grants.ts';
import { createAccounts } from './identities.ts';
import { createJobs } from './jobs.ts';
import { createMonitoring } from './monitoring.ts';
import { createClosedNetwork } from './network.ts';
import { createSubscriptions, createTopics } from './pubsub.ts';
import { createRegistry } from './registry.ts';
import { createRetention, scheduleRetention } from './retention.ts';
import { createSchedule } from './schedule.ts';
import { createSecrets } from './secrets.ts';
import { createServices } from './services.ts';
import { createJobEndSink, createJobEndSubscription } from './watchdog.ts';

/** What images are pushed to, before there are any. */
export function createRegistryAlone(region: string): void {
  createRegistry({ region, after: enableApis() });
}

/** Everything that a deployment consists of, in the order in which the parts need one another. */
export function createDeployment(deployment: Deployment): void {
  const apis = enableApis();
  const context: Context = { deployment, after: apis };
  const agents = nameAgents(apis);
  createRegistry({ region: deployment.region, after: apis });
  const topics = createTopics(context);
  const database = createDatabase(context);
  const bucket = createBucket(context);
  const accounts = createAccounts(context);
  const secrets = createSecrets(context);
  const jobs = new Map(createJobs(createClosedNetwork(context), accounts, context));
  jobs.set(retentionJob, createRetention(accounts, context));
  const sinkWriter = createJobEndSink(topics, context);
  const things = { topics, database, bucket, accounts, secrets, jobs, sinkWriter };
  const grants = createGrants('before-services', things, [...agents, ...Object.values(accounts)], context);
  const services = createServices({ accounts, secrets, after: grants }, context);
  // Whoever publishes early is kept: a subscription is there before anything reads it, and pushes wait for their service.
  const subscriptions = new Map(createSubscriptions(topics, [...services.values()], context));
  const jobEnds = createJobEndSubscription(topics, [...services.values()], context);
  if (jobEnds !== null) subscriptions.set(watchdog.subscription, jobEnds);
  createGrants(
    'after-services',
    { ...things, services, subscriptions },
    [...agents, ...Object.values(accounts)],
    context,
  );
  createSchedule(topics, grants, context);
  scheduleRetention(accounts, grants, context);
  createAudit(context);
  createBudget(createMonitoring(context), context);
}
