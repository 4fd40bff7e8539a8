import {
  emailOf,
  jobPath,
  type RunningComponent,
  type SecretVariable,
  type ServiceComponent,
  urlOf,
} from './components.ts';
import type { Deployment } from './deployment.ts';
import { profilesOf, sizes } from './profiles.ts';

export interface ComponentEnv {
  readonly plain: Readonly<Record<string, string>>;
  /** Variables whose values are in Secret Manager. */
  readonly secret: readonly SecretVariable[];
}

/** Cloud Run tells a service its port; executors and Pub/Sub come from outside the container. */
const everywhere = '0.0.0.0';

const prefixes: Readonly<Record<ServiceComponent, string>> = {
  dispatcher: 'DISPATCHER',
  'result-collector': 'COLLECTOR',
  'dead-letter': 'DEAD_LETTER',
};

/** The environment of each component, held to the component's own reader by a test. */
export function envOf(component: RunningComponent, deployment: Deployment): ComponentEnv {
  const place = { GOOGLE_CLOUD_PROJECT: deployment.project, SANDBUS_BUCKET: deployment.bucket };
  switch (component) {
    case 'executor':
      return {
        plain: { ...place, EXECUTOR_WALL: deployment.sandboxLauncher ? 'cloud-run-sandbox' : 'auto' },
        secret: [],
      };
    case 'dispatcher':
      return {
        plain: {
          ...place,
          ...deliveryOf('dispatcher', deployment),
          ...jobsOf(deployment),
          ...ceilingsOf(deployment),
          DISPATCHER_HOST: everywhere,
          DISPATCHER_LEASE_API_URL: urlOf('dispatcher', deployment),
          DISPATCHER_NETWORKS: deployment.networks.join(','),
          DISPATCHER_STARTS_PER_MINUTE: String(deployment.startsPerMinute),
          DISPATCHER_MAX_RUNNING: String(deployment.maxRunning),
          SANDBUS_RETENTION_DAYS: String(deployment.retentionDays),
        },
        secret: ['SANDBUS_LEASE_KEY', 'SANDBUS_RESULT_KEY', 'SANDBUS_SECRETS_KEY'],
      };
    case 'result-collector':
      return {
        plain: {
          ...place,
          ...deliveryOf('result-collector', deployment),
          ...jobsOf(deployment),
          SANDBUS_RETENTION_DAYS: String(deployment.retentionDays),
        },
        secret: ['SANDBUS_RESULT_KEY', ...(deployment.webhooks ? (['SANDBUS_WEBHOOK_KEY'] as const) : [])],
      };
    case 'retention':
      return { plain: { ...place, SANDBUS_RETENTION_DAYS: String(deployment.retentionDays) }, secret: [] };
    case 'dead-letter':
      return {
        plain: {
          ...place,
          ...deliveryOf('dead-letter', deployment),
          SANDBUS_RETENTION_DAYS: String(deployment.retentionDays),
        },
        secret: ['SANDBUS_RESULT_KEY'],
      };
  }
}

function deliveryOf(component: ServiceComponent, deployment: Deployment): Readonly<Record<string, string>> {
  const prefix = prefixes[component];
  if (deployment.delivery === 'pull') return { [`${prefix}_DELIVERY`]: 'pull' };
  return {
    [`${prefix}_DELIVERY`]: 'push',
    [`${prefix}_HOST`]: everywhere,
    [`${prefix}_PUSH_AUDIENCE`]: urlOf(component, deployment),
    [`${prefix}_PUSH_SERVICE_ACCOUNT`]: emailOf('pusher', deployment),
  };
}

/** The jobs of the first image are those that commands run in; of others there are jobs to try them in. */
function jobsOf(deployment: Deployment): Readonly<Record<string, string>> {
  const [first] = Object.keys(deployment.executorImages);
  const jobs = profilesOf(deployment).filter(({ image }) => image === first);
  // What fits no job of the list must find one that serves every request: the largest, with all the network there is.
  const widest = jobs.at(-1);
  return {
    SANDBUS_JOB: jobPath(widest?.name ?? '', deployment),
    SANDBUS_JOBS: jobs
      .map(({ name, network, size }) => `${jobPath(name, deployment)}:${network}:${sizes[size].ceilings.memoryMb}`)
      .join(','),
  };
}

/** Memory is what the largest job has room for; the workspace has to fit into each, as nothing chooses a job by it. */
function ceilingsOf({ sizes: names, maxTimeoutMinutes }: Deployment): Readonly<Record<string, string>> {
  const all = names.map((name) => sizes[name].ceilings);
  return {
    DISPATCHER_MAX_TIMEOUT_MS: String(maxTimeoutMinutes * 60_000),
    DISPATCHER_MAX_MEMORY_MB: String(Math.max(...all.map(({ memoryMb }) => memoryMb))),
    DISPATCHER_MAX_WORKSPACE_MB: String(Math.min(...all.map(({ workspaceMb }) => workspaceMb))),
    DISPATCHER_MAX_TMP_MB: String(Math.min(...all.map(({ tmpMb }) => tmpMb))),
  };
}

/** Restoring, saving and reporting come on top of the longest command, and Cloud Run's own limit is a week. */
export const jobTimeoutSeconds = ({ maxTimeoutMinutes }: Pick<Deployment, 'maxTimeoutMinutes'>): number =>
  Math.min(maxTimeoutMinutes * 60 + 15 * 60, 7 * 24 * 60 * 60);
