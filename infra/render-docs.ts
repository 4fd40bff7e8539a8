import { alerts, logMetrics } from './alerts.ts';
import { requiredApis } from './apis.ts';
import { accounts, readerOf, secrets } from './components.ts';
import { costOfThousand, freeWhileIdle, idleMonth, leastBilledSeconds } from './costs.ts';
import { type Deployment, deploymentKeys, readDeployment } from './deployment.ts';
import { granteeOf, resourceOf } from './describe-grant.ts';
import { type Grant, grantsOf } from './permissions.ts';
import { sizeNames, sizes } from './profiles.ts';
import { renderTable } from './render-table.ts';
import { envOf } from './service-env.ts';
import { type SubscriptionSpec, subscriptions, topics } from './topology.ts';
import { jobEnds } from './watchdog.ts';

const imageOf = (name: string) => `REGION-docker.pkg.dev/PROJECT/sandbus/${name}`;
const digest = `sha256:${'0'.repeat(64)}`;

/** A deployment whose values are what a reader replaces. */
export const example: Deployment = {
  ...readDeployment(
    { project: 'PROJECT', projectNumber: 'NUMBER', region: 'REGION' },
    {
      bucket: 'project-sandbus',
      executorImages: `standard=region-docker.pkg.dev/project/sandbus/executor@${digest}`,
      serviceImage: `region-docker.pkg.dev/project/sandbus/service@${digest}`,
    },
  ),
  bucket: 'BUCKET',
  executorImages: { standard: `${imageOf('executor')}@DIGEST` },
  serviceImage: `${imageOf('service')}@DIGEST`,
  clients: ['CLIENT'],
  operators: ['OPERATOR'],
};

const notice = (what: string) => `<!-- ${what} Written by \`npm run generate\` from infra/; a test compares them. -->`;

const grantRows = (grants: readonly Grant[]) =>
  grants.map(({ to, role, on, why }) => [granteeOf(to), `\`${role}\``, resourceOf(on), why]);

export function renderIam(): string {
  const pulled = grantsOf({ ...example, delivery: 'pull' });
  const pushed = grantsOf(example);
  const isIn = (all: readonly Grant[]) => {
    const keys = new Set(all.map((grant) => JSON.stringify(grant)));
    return (grant: Grant) => keys.has(JSON.stringify(grant));
  };
  const head = ['who', 'role', 'on', 'for'];
  return `${notice('The whole matrix of rights.')}
# Who may do what

Every right of a deployment, as the deployment program grants it and as its tests compare it with what the program would
apply. Each component has a service account of its own, none has a key, and nobody is granted anything on the project: for
the one exception see below. \`OPERATOR\` and \`CLIENT\` are what \`operators\` and \`clients\` of the configuration name.

## In every deployment

${renderTable(head, grantRows(pushed.filter(isIn(pulled))))}

## When deliveries are pushed, as they are by default

${renderTable(head, grantRows(pushed.filter((grant) => !isIn(pulled)(grant))))}

## When services pull

${renderTable(head, grantRows(pulled.filter((grant) => !isIn(pushed)(grant))))}

## What is not in the table

- **Firestore** has no policies of its own, so its roles stand in the policy of the project, each under the condition
  \`resource.name == "projects/PROJECT/databases/(default)"\`. Of a project with nothing else in this database that is all they reach.
- **The dispatcher's lease API** lets every caller through Cloud Run (\`invokerIamDisabled\`): executors have no right to invoke it, and the
  header that Cloud Run would read carries the secret of the lease, which the dispatcher checks. Its push paths check the token of Pub/Sub.
- **The executor's account** may publish on two topics. Commands never see its token: the wall keeps them from the metadata
  server. Whoever broke out of a wall could publish on them; a result that no lease signed is refused.
- **Live output and events** of the SDK make a subscription of their own each, which needs rights on the project:
  [deploy](deploy.md#live-output-and-events) has the role.
- **Overwriting an object** needs \`storage.objects.delete\`, so what is written again under its name, as each delivery may be, needs
  \`roles/storage.objectUser\`. Clients only create, below \`uploads/\` alone: none can change or delete what another has uploaded.
- **\`session.files.signedUrl\`** signs with the credentials of the client, by \`iam.serviceAccounts.signBlob\`. A service account of this
  project that \`clients\` names is granted \`roles/iam.serviceAccountTokenCreator\` on itself and on nothing else. Of one in another project
  its owner grants that. A user's credentials cannot sign: \`session.files.readStream\` reads the same bytes by the rights of the table.
- **Whoever deploys** needs more, once: [deploy](deploy.md#who-deploys).
- **Google's own agents** of Cloud Run pull images and mount secrets by rights that Google grants them.
`;
}

const all: readonly (readonly [string, SubscriptionSpec])[] = Object.entries(subscriptions);

function renderTopology(): string {
  const rows = all.map(([key, { name, topic, enableMessageOrdering, retry, deadLetter, ackDeadlineSeconds }]) => [
    `\`${name}\``,
    `\`${topic}\``,
    readerOf(key),
    enableMessageOrdering ? 'by session' : '–',
    `${ackDeadlineSeconds} s`,
    `${retry.minimumSeconds} s to ${retry.maximumSeconds} s`,
    deadLetter === null ? 'keeps trying' : `\`${deadLetter.topic}\` after ${deadLetter.maxDeliveryAttempts}`,
  ]);
  return `${renderTable(['subscription', 'of the topic', 'read by', 'order', 'ack deadline', 'back-off', 'dead letters'], rows)}

Topics without a subscription of the deployment: ${Object.values(topics)
    .filter((topic) => !all.some(([, spec]) => spec.topic === topic))
    .map((topic) => `\`${topic}\``)
    .join(
      ', ',
    )}; whoever wants to hear makes one. Where nothing pulls, \`${jobEnds.topic}\` has Cloud Run's account of failed jobs, and
\`${jobEnds.subscription}\` asks the result collector for a sweep with it. No subscription expires, and each keeps messages for a week.`;
}

function renderEnv(): string {
  const components = ['executor', 'dispatcher', 'result-collector', 'dead-letter', 'retention'] as const;
  return components
    .map((component) => {
      const { plain, secret } = envOf(component, example);
      const rows = [
        ...Object.entries(plain).map(([name, value]) => [`\`${name}\``, `\`${value}\``]),
        ...secret.map((name) => [`\`${name}\``, `secret \`${secrets[name]}\``]),
      ];
      return `### ${component}\n\nRuns as \`${accounts[component]}\`.\n\n${renderTable(['variable', 'value'], rows)}`;
    })
    .join('\n\n');
}

function renderAlerts(): string {
  const rows = alerts.map(({ name, severity, means, threshold, forSeconds, runbook }) => [
    `\`${name}\``,
    severity.toLowerCase(),
    means,
    `above ${threshold}${forSeconds === 0 ? '' : ` for ${forSeconds} s`}`,
    `[runbook](runbook.md#${runbook})`,
  ]);
  const metrics = Object.values(logMetrics).map(({ name, means }) => [`\`${name}\``, means]);
  return `${renderTable(['alert', 'severity', 'means', 'when', 'what to do'], rows)}

Metrics that are counted from log lines:

${renderTable(['metric', 'counts'], metrics)}`;
}

const dollars = (amount: number) => `$${amount.toFixed(amount < 0.01 ? 4 : 2)}`;

export function renderCosts(): string {
  const lines = costOfThousand();
  const total = lines.reduce((sum, line) => sum + line.dollars, 0);
  const pulling = idleMonth({ ...example, delivery: 'pull', noneEgress: 'strict' });
  return `${renderTable(
    ['a thousand cold commands of a few seconds', 'list price'],
    [...lines.map(({ what, dollars: amount }) => [what, dollars(amount)]), ['together', dollars(total)]],
  )}

A job is taken to be billed for ${leastBilledSeconds} seconds at least, so a command of a minute costs as much as one of a second. Free amounts
lower this; output and workspaces of many megabytes raise it. Prices are those of Google's first tier in US dollars, as of autumn 2026.

**Idle, the default deployment costs nothing** beyond the free amounts of a billing account: ${freeWhileIdle.join('; ')}. What is chosen
otherwise costs: ${pulling.map(({ what, dollars: amount }) => `${what} about ${dollars(amount)} a month`).join('; ')}. Stored checkpoints cost $0.020 per GB and
month, and log lines beyond 50 GB a month $0.50 per GB.`;
}

export function renderReference(): string {
  const sizeRows = sizeNames.map((name) => {
    const { cpu, memoryMb, ceilings } = sizes[name];
    return [
      name,
      String(cpu),
      `${memoryMb} MiB`,
      `${ceilings.memoryMb} MiB`,
      `${ceilings.workspaceMb} MiB`,
      `${ceilings.tmpMb} MiB`,
    ];
  });
  const keyRows = deploymentKeys.map(({ name, fallback, means }) => [
    `\`${name}\``,
    fallback === undefined ? '' : fallback === '' ? 'none' : `\`${fallback}\``,
    means,
  ]);
  return `${notice('What a deployment consists of.')}
# What a deployment consists of

## What an operator chooses

Set by \`sandbus deploy --set NAME=VALUE\`, or \`pulumi config set sandbus:NAME VALUE\` in \`infra/program\`.

${renderTable(['name', 'default', 'means'], keyRows)}

## Sizes of executors

One Cloud Run job for each size, network and image, named \`sandbus-IMAGE-SIZE-NETWORK\`: a launch can change none of them. The smallest
that fits the network and \`limits.memoryMb\` of a request is run. The file system of a job is its memory. The workspace and
\`/tmp\` of all are bounded by those of the smallest size, because nothing chooses a job by them.

${renderTable(['size', 'processors', 'memory', 'most `memoryMb`', 'workspace', '`/tmp`'], sizeRows)}

## Topics and subscriptions

${renderTopology()}

## Environment

With the defaults of the table above; each is read by the component's own reader in a test.

${renderEnv()}

## Alerts

${renderAlerts()}

## Cost

${renderCosts()}

## APIs

${requiredApis.map((api) => `\`${api}\``).join(', ')}
`;
}
