import { type Component, readerOf, retentionJob, type SecretVariable, type ServiceComponent } from './components.ts';
import type { Deployment } from './deployment.ts';
import { profilesOf } from './profiles.ts';
import { heardTopics, publishedBy } from './publications.ts';
import { type SubscriptionSpec, subscriptions, type TopicName, topics } from './topology.ts';
import { jobEnds } from './watchdog.ts';

/** Accounts of Google's own; that of logging writes for the sink. */
export type Agent = 'pubsub' | 'cloudscheduler' | 'logging';

/** Who is granted something: a component, an agent of Google's, or principals of the operator. */
export type Grantee =
  | { readonly kind: 'component'; readonly component: Component }
  | { readonly kind: 'agent'; readonly agent: Agent }
  | { readonly kind: 'principal'; readonly principal: string };

/** What a grant is for. There is none for the project: of Firestore, which has no policies of its own, see `database`. */
export type GrantedResource =
  | { readonly kind: 'topic'; readonly name: TopicName | typeof jobEnds.topic }
  | { readonly kind: 'subscription'; readonly name: string }
  | { readonly kind: 'bucket'; readonly prefix?: string }
  | { readonly kind: 'job'; readonly name: string }
  | { readonly kind: 'service'; readonly component: ServiceComponent }
  | { readonly kind: 'secret'; readonly variable: SecretVariable }
  | { readonly kind: 'account'; readonly component: Component }
  /** The account of a client, in the same project. */
  | { readonly kind: 'own-account'; readonly email: string }
  /** Stands in the project's policy, under a condition that names the one database. */
  | { readonly kind: 'database' };

export interface Grant {
  readonly to: Grantee;
  readonly role: string;
  readonly on: GrantedResource;
  readonly why: string;
}

const publisher = 'roles/pubsub.publisher';
const subscriber = 'roles/pubsub.subscriber';
/** With it whoever is an account signs as it (`iam.serviceAccounts.signBlob`), without a key file. */
const tokenCreator = 'roles/iam.serviceAccountTokenCreator';
const component = (name: Component): Grantee => ({ kind: 'component', component: name });
const agent = (name: Agent): Grantee => ({ kind: 'agent', agent: name });

const publishers = ['executor', 'dispatcher', 'result-collector', 'dead-letter'] as const;
const agents: Readonly<Partial<Record<TopicName, Agent>>> = {
  [topics.requestsDeadLetter]: 'pubsub',
  [topics.resultsDeadLetter]: 'pubsub',
  [topics.sweep]: 'cloudscheduler',
};

const all: readonly (readonly [string, SubscriptionSpec])[] = Object.entries(subscriptions);

/** Every grant of a deployment, and there is no other: what is not here is not allowed. */
export function grantsOf(deployment: Deployment): readonly Grant[] {
  const pushed = deployment.delivery === 'push';
  const grants: Grant[] = [];
  const grant = (to: Grantee, role: string, on: GrantedResource, why: string) => grants.push({ to, role, on, why });
  for (const who of publishers) {
    for (const [name, why] of publishedBy(who)) grant(component(who), publisher, { kind: 'topic', name }, why);
  }
  for (const [key, { name, deadLetter }] of all) {
    // What is pushed is pulled by nobody.
    if (!pushed) {
      grant(component(readerOf(key)), subscriber, { kind: 'subscription', name }, 'pulls its deliveries');
    }
    if (deadLetter !== null) {
      grant(agent('pubsub'), subscriber, { kind: 'subscription', name }, 'acks what it forwards to the dead letters');
    }
  }
  for (const [name, why] of publishedBy('google')) {
    grant(agent(agents[name] ?? 'pubsub'), publisher, { kind: 'topic', name }, why);
  }
  for (const who of ['dispatcher', 'result-collector', 'dead-letter', 'retention'] as const) {
    grant(component(who), 'roles/datastore.user', { kind: 'database' }, 'records');
  }
  // Whoever may write an object a second time needs to delete, which roles/storage.objectCreator may not.
  grant(component('dispatcher'), 'roles/storage.objectUser', { kind: 'bucket' }, 'requests, files, signed URLs');
  const deadLetters = { kind: 'bucket', prefix: 'dead-letters/' } as const;
  grant(component('result-collector'), 'roles/storage.objectUser', deadLetters, 'bytes of dead letters');
  grant(component('dead-letter'), 'roles/storage.objectUser', { kind: 'bucket' }, 'bytes of dead letters');
  grant(component('retention'), 'roles/storage.objectUser', { kind: 'bucket' }, 'deletes what nobody needs');
  grant(component('scheduler'), 'roles/run.invoker', { kind: 'job', name: retentionJob }, 'runs it each hour');
  grant(component('dispatcher'), tokenCreator, { kind: 'account', component: 'dispatcher' }, 'signs URLs as itself');
  for (const { name } of profilesOf(deployment)) {
    grant(component('dispatcher'), 'roles/run.jobsExecutorWithOverrides', { kind: 'job', name }, 'launches');
    grant(component('result-collector'), 'roles/run.viewer', { kind: 'job', name }, 'asks what became of a job');
  }
  const keys: readonly (readonly [ServiceComponent, SecretVariable])[] = [
    ['dispatcher', 'SANDBUS_LEASE_KEY'],
    ['dispatcher', 'SANDBUS_RESULT_KEY'],
    ['dispatcher', 'SANDBUS_SECRETS_KEY'],
    ['result-collector', 'SANDBUS_RESULT_KEY'],
    ['dead-letter', 'SANDBUS_RESULT_KEY'],
    ...(deployment.webhooks ? ([['result-collector', 'SANDBUS_WEBHOOK_KEY']] as const) : []),
  ];
  for (const [who, variable] of keys) {
    grant(component(who), 'roles/secretmanager.secretAccessor', { kind: 'secret', variable }, 'its key');
  }
  if (pushed) {
    for (const who of ['result-collector', 'dead-letter'] as const) {
      grant(component('pusher'), 'roles/run.invoker', { kind: 'service', component: who }, 'Pub/Sub pushes as it');
    }
    grant(agent('pubsub'), tokenCreator, { kind: 'account', component: 'pusher' }, 'makes the tokens of pushes');
    grant(agent('logging'), publisher, { kind: 'topic', name: jobEnds.topic }, 'failed jobs, from the log');
    grant(agent('pubsub'), subscriber, { kind: 'subscription', name: jobEnds.subscription }, 'acks what it forwards');
  }
  for (const principal of deployment.clients) grants.push(...clientGrants(principal, deployment));
  for (const principal of deployment.operators) {
    grant({ kind: 'principal', principal }, 'roles/datastore.user', { kind: 'database' }, 'limits of tenants');
  }
  return grants;
}

/** What a program needs that uses the SDK. Live output and events make subscriptions of their own: see `docs/deploy.md`. */
function clientGrants(principal: string, { project }: Pick<Deployment, 'project'>): readonly Grant[] {
  const to: Grantee = { kind: 'principal', principal };
  const email = /^serviceAccount:(.+)$/.exec(principal)?.[1];
  const signs = email?.endsWith(`@${project}.iam.gserviceaccount.com`) === true;
  return [
    ...publishedBy('client').map(([name, why]): Grant => ({ to, role: publisher, on: { kind: 'topic', name }, why })),
    ...heardTopics.map(
      (name): Grant => ({ to, role: subscriber, on: { kind: 'topic', name }, why: 'live output and events' }),
    ),
    { to, role: 'roles/datastore.viewer', on: { kind: 'database' }, why: 'records' },
    { to, role: 'roles/storage.objectViewer', on: { kind: 'bucket' }, why: 'long output' },
    { to, role: 'roles/storage.objectCreator', on: { kind: 'bucket', prefix: 'uploads/' }, why: 'large requests' },
    // A user's credentials cannot sign, and who owns an account of another project is asked there.
    ...(signs && email !== undefined
      ? [{ to, role: tokenCreator, on: { kind: 'own-account', email }, why: 'signs URLs as itself' } as const]
      : []),
  ];
}
