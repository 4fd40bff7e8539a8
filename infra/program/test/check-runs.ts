import { readDeadLetterConfig } from '../../../dead-letter/config.ts';
import { readDispatcherConfig } from '../../../dispatcher/config.ts';
import { readExecutorConfig } from '../../../executor/config.ts';
import { readGoogleConfig } from '../../../gcp/google-config.ts';
import { readCollectorConfig } from '../../../result-collector/config.ts';
import { readRetentionConfig } from '../../../retention/config.ts';
import {
  accounts,
  emailOf,
  retentionJob,
  type ServiceComponent,
  secrets,
  serviceComponents,
  urlOf,
} from '../../components.ts';
import { executorMemoryMb, profilesOf, sizes } from '../../profiles.ts';
import { retentionCron } from '../../schedule.ts';
import { type Check, differences, unless } from './check.ts';
import { at, envOfContainer, list, ofType, text } from './find-inputs.ts';
import type { Recorded } from './record-deployment.ts';

const readers: Readonly<Record<ServiceComponent, (env: Readonly<Record<string, string>>) => unknown>> = {
  dispatcher: readDispatcherConfig,
  'result-collector': readCollectorConfig,
  'dead-letter': readDeadLetterConfig,
};
const launchEnv = {
  SANDBUS_LEASE_ID: 'l',
  SANDBUS_LEASE_SECRET: 's',
  SANDBUS_LEASE_API_URL: 'https://dispatcher.example',
};

/** The message of what a reader refuses; nothing when it takes all of it. */
function refused(what: string, read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    return [`${what}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

const runsOf = (recorded: readonly Recorded[]) =>
  [...ofType(recorded, 'cloudrunv2/service:Service'), ...ofType(recorded, 'cloudrunv2/workerPool:WorkerPool')].map(
    ({ type, name, inputs }) => ({ type, name, inputs, container: at(inputs, 'template.containers.0') }),
  );

const executorJobs = (recorded: readonly Recorded[]) =>
  ofType(recorded, 'cloudrunv2/job:Job').filter(({ name }) => name !== retentionJob);

const seconds = (duration: string) => Number(duration.replace(/s$/, ''));

export const runChecks: readonly Check[] = [
  {
    name: 'the retention job runs each hour as its own account, with an environment that it takes',
    problemsOf(recorded, deployment) {
      const [job] = ofType(recorded, 'cloudrunv2/job:Job').filter(({ name }) => name === retentionJob);
      const [schedule] = ofType(recorded, 'cloudscheduler/job:Job').filter(({ name }) => name === retentionJob);
      const task = at(job?.inputs, 'template.template');
      const { plain, secret } = envOfContainer(at(task, 'containers.0'));
      return [
        ...refused('retention', () => {
          readRetentionConfig(plain);
          readGoogleConfig(plain);
        }),
        ...unless(Object.keys(secret).length === 0, 'it has a key'),
        ...unless(at(task, 'maxRetries') === 0, 'it is retried'),
        ...unless(text(task, 'containers.0.args.0') === 'retention/main.ts', 'it runs another program'),
        ...unless(text(task, 'serviceAccount') === emailOf('retention', deployment), 'it runs as another'),
        ...unless(text(schedule?.inputs, 'schedule') === retentionCron, 'nothing runs it each hour'),
        ...unless(text(schedule?.inputs, 'httpTarget.uri').endsWith(`/jobs/${retentionJob}:run`), 'another job is run'),
        ...unless(
          text(schedule?.inputs, 'httpTarget.oauthToken.serviceAccountEmail') === emailOf('scheduler', deployment),
          'it is run by another',
        ),
      ];
    },
  },
  {
    name: 'each service takes the environment that it is given',
    problemsOf(recorded) {
      const runs = runsOf(recorded);
      return [
        ...differences(
          'services',
          runs.map(({ name }) => name),
          serviceComponents.map((component) => accounts[component]),
        ),
        ...serviceComponents.flatMap((component) => {
          const { plain, secret } = envOfContainer(runs.find(({ name }) => name === accounts[component])?.container);
          const keys = Object.fromEntries(Object.keys(secret).map((name) => [name, 'k'.repeat(48)]));
          return [
            ...refused(component, () => readers[component]({ ...plain, ...keys })),
            ...refused(component, () => readGoogleConfig(plain)),
          ];
        }),
      ];
    },
  },
  {
    name: 'each key is where it is read, from its own secret, and nowhere else',
    problemsOf(recorded, { webhooks }) {
      const wanted: Readonly<Record<ServiceComponent, readonly (keyof typeof secrets)[]>> = {
        dispatcher: ['SANDBUS_LEASE_KEY', 'SANDBUS_RESULT_KEY', 'SANDBUS_SECRETS_KEY'],
        'result-collector': ['SANDBUS_RESULT_KEY', ...(webhooks ? (['SANDBUS_WEBHOOK_KEY'] as const) : [])],
        'dead-letter': ['SANDBUS_RESULT_KEY'],
      };
      const jobs = executorJobs(recorded).map(({ inputs }) => at(inputs, 'template.template.containers.0'));
      return [
        ...serviceComponents.flatMap((component) => {
          const run = runsOf(recorded).find(({ name }) => name === accounts[component]);
          const { secret, plain } = envOfContainer(run?.container);
          return [
            ...differences(
              `keys of ${component}`,
              Object.entries(secret).map(([name, id]) => `${name} ${id}`),
              wanted[component].map((name) => `${name} ${secrets[name]}-id`),
            ),
            ...unless(!Object.keys(plain).some((name) => name in secrets), `${component} has a key in plain text`),
          ];
        }),
        ...jobs.flatMap((container) =>
          unless(Object.keys(envOfContainer(container).secret).length === 0, 'an executor has a key'),
        ),
      ];
    },
  },
  {
    name: 'each service runs as its own account, and only the dispatcher lets callers through unchecked',
    problemsOf: (recorded, deployment) =>
      runsOf(recorded).flatMap(({ type, name, inputs }) => {
        const component = serviceComponents.find((one) => accounts[one] === name) ?? 'dispatcher';
        const isService = type.endsWith(':Service');
        return [
          ...unless(
            text(inputs, 'template.serviceAccount') === emailOf(component, deployment),
            `${name}: the account of another`,
          ),
          ...unless(
            !isService || (at(inputs, 'invokerIamDisabled') === true) === (component === 'dispatcher'),
            `${name}: calls are let through unchecked, or executors are not`,
          ),
          ...unless(
            !isService || list(inputs, 'customAudiences').includes(urlOf(component, deployment)),
            `${name} does not take the tokens that Pub/Sub makes`,
          ),
        ];
      }),
  },
  {
    name: 'nothing runs while nobody asks, unless services pull',
    problemsOf(recorded, { delivery }) {
      const services = ofType(recorded, 'cloudrunv2/service:Service');
      const pools = ofType(recorded, 'cloudrunv2/workerPool:WorkerPool');
      if (delivery === 'pull') {
        return [
          ...unless(services.length === 1 && pools.length === 2, 'pulling needs one service and two worker pools'),
          ...services.flatMap(({ name, inputs }) => [
            ...unless(at(inputs, 'template.scaling.minInstanceCount') === 1, `${name} sleeps`),
            ...unless(at(inputs, 'template.containers.0.resources.cpuIdle') === false, `${name} has no processor`),
          ]),
        ];
      }
      return [
        ...unless(pools.length === 0, 'a worker pool always runs'),
        ...services.flatMap(({ name, inputs }) => [
          ...unless(at(inputs, 'template.scaling.minInstanceCount') === 0, `${name} never sleeps`),
          ...unless(at(inputs, 'template.containers.0.resources.cpuIdle') === true, `${name} is billed while idle`),
        ]),
      ];
    },
  },
  {
    name: 'there is a job for each profile, which is never retried and outlasts its longest command',
    problemsOf(recorded, deployment) {
      const jobs = executorJobs(recorded);
      return [
        ...differences(
          'jobs',
          jobs.map(({ name }) => name),
          profilesOf(deployment).map(({ name }) => name),
        ),
        ...jobs.flatMap(({ name, inputs }) => {
          const task = at(inputs, 'template.template');
          return [
            ...unless(at(task, 'maxRetries') === 0, `${name} is retried: a command would run twice`),
            ...unless(at(inputs, 'template.taskCount') === 1, `${name} has not one task`),
            ...unless(at(inputs, 'template.parallelism') === 1, `${name} runs tasks side by side`),
            ...unless(
              seconds(text(task, 'timeout')) > Math.min(deployment.maxTimeoutMinutes * 60, 604_799),
              `${name} ends before its longest command`,
            ),
            ...unless(
              text(task, 'serviceAccount') === emailOf('executor', deployment),
              `${name}: the account of another`,
            ),
            ...unless(
              text(task, 'executionEnvironment') === 'EXECUTION_ENVIRONMENT_GEN2',
              `${name} is not of the second generation`,
            ),
            ...refused(name, () => {
              const { plain } = envOfContainer(at(task, 'containers.0'));
              readExecutorConfig({ ...plain, ...launchEnv });
              readGoogleConfig(plain);
            }),
          ];
        }),
      ];
    },
  },
  {
    name: 'each size has room for what its commands may take, and the dispatcher lets none take more',
    problemsOf(recorded, deployment) {
      const jobs = executorJobs(recorded);
      const dispatcher = runsOf(recorded).find(({ name }) => name === accounts.dispatcher);
      const { plain } = envOfContainer(dispatcher?.container);
      const largest = Math.max(...deployment.sizes.map((size) => sizes[size].ceilings.memoryMb));
      return [
        ...profilesOf(deployment).flatMap(({ name, size }) => {
          const { memoryMb, ceilings } = sizes[size];
          const found = jobs.find((job) => job.name === name);
          const limits = at(found?.inputs, 'template.template.containers.0.resources.limits');
          return [
            ...unless(text(limits, 'memory') === `${memoryMb}Mi`, `${name} has other memory`),
            ...unless(text(limits, 'cpu') === String(sizes[size].cpu), `${name} has other processors`),
            ...unless(
              ceilings.memoryMb + ceilings.workspaceMb + ceilings.tmpMb + executorMemoryMb <= memoryMb,
              `${size} has no room for its ceilings`,
            ),
            ...unless(
              memoryMb >= 512 && memoryMb <= sizes[size].cpu * 4096,
              `Cloud Run gives ${sizes[size].cpu} processors no ${memoryMb} MiB`,
            ),
          ];
        }),
        ...unless(plain.DISPATCHER_MAX_MEMORY_MB === String(largest), 'the dispatcher has another ceiling of memory'),
      ];
    },
  },
  {
    name: 'the dispatcher and the collector know jobs that exist',
    problemsOf(recorded, { project, region }) {
      const jobs = executorJobs(recorded).map(({ name }) => `projects/${project}/locations/${region}/jobs/${name}`);
      return [accounts.dispatcher, accounts['result-collector']].flatMap((service) => {
        const { plain } = envOfContainer(runsOf(recorded).find(({ name }) => name === service)?.container);
        const named = [plain.SANDBUS_JOB, ...(plain.SANDBUS_JOBS ?? '').split(',').map((one) => one.split(':')[0])];
        return named.flatMap((one) => unless(jobs.includes(one ?? ''), `${service} knows ${one}, which is not there`));
      });
    },
  },
  {
    name: 'images are named by what is in them, not by a tag',
    problemsOf: (recorded) =>
      [
        ...runsOf(recorded).map(({ container }) => container),
        ...executorJobs(recorded).map(({ inputs }) => at(inputs, 'template.template.containers.0')),
      ].flatMap((container) =>
        unless(/@sha256:[0-9a-f]{64}$/.test(text(container, 'image')), `${text(container, 'image')} may change`),
      ),
  },
];
