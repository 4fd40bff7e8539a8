import * as gcp from '@pulumi/gcp';
import type { Resource } from '@pulumi/pulumi';
import { accounts as accountIds, type ServiceComponent, serviceComponents, urlOf } from '../components.ts';
import { envOf } from '../service-env.ts';
import { type Context, inGroup } from './context.ts';
import type { Accounts } from './identities.ts';
import type { SecretVersions } from './secrets.ts';

export type Services = ReadonlyMap<ServiceComponent, gcp.cloudrunv2.Service>;

export interface ServiceParts {
  readonly accounts: Accounts;
  readonly secrets: SecretVersions;
  /** What a service needs before its first request: its grants. */
  readonly after: readonly Resource[];
}

const programs: Readonly<Record<ServiceComponent, string>> = {
  dispatcher: 'dispatcher/main.ts',
  'result-collector': 'result-collector/main.ts',
  'dead-letter': 'dead-letter/main.ts',
};

/**
 * Pushed to, all three are services that scale to zero. Pulling, the dispatcher is a service that never sleeps, because
 * executors call it, and the others are worker pools.
 */
export function createServices(parts: ServiceParts, context: Context): Services {
  const group = inGroup('services', { after: [...context.after, ...parts.after] });
  const pulled = context.deployment.delivery === 'pull';
  const services = new Map<ServiceComponent, gcp.cloudrunv2.Service>();
  for (const component of serviceComponents) {
    if (pulled && component !== 'dispatcher') createWorkerPool(component, parts, context, group);
    else services.set(component, createService(component, parts, context, group));
  }
  return services;
}

function containerOf(component: ServiceComponent, { secrets }: ServiceParts, { deployment }: Context) {
  const { plain, secret } = envOf(component, deployment);
  return {
    image: deployment.serviceImage,
    args: [programs[component]],
    envs: [
      ...Object.entries(plain).map(([name, value]) => ({ name, value })),
      ...secret.map((name) => {
        const version = secrets.get(name);
        if (version === undefined) throw new Error(`there is no secret for ${name}`);
        // The version, not "latest": a new key is a new revision, and the old revision keeps the old key.
        return { name, valueSource: { secretKeyRef: { secret: version.secret, version: version.version } } };
      }),
    ],
  };
}

function createService(
  component: ServiceComponent,
  parts: ServiceParts,
  context: Context,
  group: ReturnType<typeof inGroup>,
): gcp.cloudrunv2.Service {
  const { deployment } = context;
  const pulls = deployment.delivery === 'pull';
  const name = accountIds[component];
  return new gcp.cloudrunv2.Service(
    name,
    {
      name,
      location: deployment.region,
      deletionProtection: false,
      ingress: 'INGRESS_TRAFFIC_ALL',
      // The lease API has secrets of its own in the header that Cloud Run would read, and executors have no right to invoke.
      invokerIamDisabled: component === 'dispatcher',
      customAudiences: [urlOf(component, deployment)],
      template: {
        serviceAccount: parts.accounts[component].email,
        executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2',
        // An ack deadline is a minute; a claim or a heartbeat takes a second.
        timeout: '60s',
        maxInstanceRequestConcurrency: 80,
        scaling: { minInstanceCount: pulls ? 1 : 0, maxInstanceCount: 20 },
        containers: [
          {
            ...containerOf(component, parts, context),
            ports: { containerPort: 8080 },
            resources: {
              limits: { cpu: '1', memory: '512Mi' },
              // Between requests no processor, and no bill; a puller works between them.
              cpuIdle: !pulls,
              startupCpuBoost: true,
            },
            startupProbe: { httpGet: { path: '/healthz' }, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 60 },
          },
        ],
      },
      traffics: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }],
    },
    group,
  );
}

function createWorkerPool(
  component: ServiceComponent,
  parts: ServiceParts,
  context: Context,
  group: ReturnType<typeof inGroup>,
): void {
  const name = accountIds[component];
  new gcp.cloudrunv2.WorkerPool(
    name,
    {
      name,
      location: context.deployment.region,
      deletionProtection: false,
      scaling: { scalingMode: 'MANUAL', manualInstanceCount: 1 },
      template: {
        serviceAccount: parts.accounts[component].email,
        containers: [
          { ...containerOf(component, parts, context), resources: { limits: { cpu: '1', memory: '512Mi' } } },
        ],
      },
    },
    group,
  );
}
