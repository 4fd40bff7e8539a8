import type { Deployment } from './deployment.ts';

/** Who acts in a deployment, each with a service account of its own. */
export const accounts = {
  executor: 'sandbus-executor',
  dispatcher: 'sandbus-dispatcher',
  'result-collector': 'sandbus-collector',
  'dead-letter': 'sandbus-dead-letter',
  retention: 'sandbus-retention',
  pusher: 'sandbus-pusher',
  scheduler: 'sandbus-scheduler',
} as const;

export type Component = keyof typeof accounts;
/** Those that run a program of their own. */
export type RunningComponent = Exclude<Component, 'pusher' | 'scheduler'>;
export type ServiceComponent = 'dispatcher' | 'result-collector' | 'dead-letter';

export const serviceComponents: readonly ServiceComponent[] = ['dispatcher', 'result-collector', 'dead-letter'];

export const emailOf = (component: Component, { project }: Pick<Deployment, 'project'>): string =>
  `${accounts[component]}@${project}.iam.gserviceaccount.com`;

/** Known before the service exists (https://cloud.google.com/run/docs/triggering/https-request#deterministic). */
export const urlOf = (
  component: ServiceComponent,
  { projectNumber, region }: Pick<Deployment, 'projectNumber' | 'region'>,
): string => `https://${accounts[component]}-${projectNumber}.${region}.run.app`;

export const jobPath = (job: string, { project, region }: Pick<Deployment, 'project' | 'region'>): string =>
  `projects/${project}/locations/${region}/jobs/${job}`;

/** The job that collects what nobody needs any more; named as its account is. */
export const retentionJob = accounts.retention;

/** Random keys in Secret Manager, by the variable that carries each. */
export const secrets = {
  SANDBUS_LEASE_KEY: 'sandbus-lease-key',
  SANDBUS_RESULT_KEY: 'sandbus-result-key',
  SANDBUS_SECRETS_KEY: 'sandbus-secrets-key',
  SANDBUS_WEBHOOK_KEY: 'sandbus-webhook-key',
} as const;

export type SecretVariable = keyof typeof secrets;

/** The service that reads each subscription of the topology. */
export const readerOf = (subscriptionKey: string): ServiceComponent => {
  if (subscriptionKey.startsWith('dispatcher')) return 'dispatcher';
  return subscriptionKey.startsWith('collector') ? 'result-collector' : 'dead-letter';
};
