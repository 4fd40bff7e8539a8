import * as gcp from '@pulumi/gcp';
import type { CustomResourceOptions, Output, Resource } from '@pulumi/pulumi';
import { secrets as secretIds } from '../components.ts';
import { memberOf } from '../describe-grant.ts';
import { type Grant, grantsOf } from '../permissions.ts';
import { type Context, inGroup } from './context.ts';
import type { Accounts } from './identities.ts';
import type { Jobs } from './jobs.ts';
import type { Topics } from './pubsub.ts';
import type { SecretVersions } from './secrets.ts';
import type { Services } from './services.ts';

export interface GrantedThings {
  readonly topics: Topics;
  readonly subscriptions: ReadonlyMap<string, gcp.pubsub.Subscription>;
  readonly bucket: gcp.storage.Bucket;
  readonly jobs: Jobs;
  readonly services: Services;
  readonly secrets: SecretVersions;
  readonly accounts: Accounts;
  readonly database: gcp.firestore.Database;
  /** Who writes for the log sink, where there is one. */
  readonly sinkWriter: Output<string> | null;
}

/** Those that a service needs before it starts, and those for which it has to be there. */
export type GrantPhase = 'before-services' | 'after-services';

/** Makes the grants of the table, each a member of its own: nothing that others have granted is taken away. */
export function createGrants(
  phase: GrantPhase,
  things: Omit<GrantedThings, 'services' | 'subscriptions'> & Partial<GrantedThings>,
  after: readonly Resource[],
  context: Context,
): readonly Resource[] {
  const group = inGroup(`grants-${phase}`, { after: [...context.after, ...after] });
  const isLate = ({ on }: Grant) => on.kind === 'service' || on.kind === 'subscription';
  return grantsOf(context.deployment)
    .filter((grant) => isLate(grant) === (phase === 'after-services'))
    .map((grant) => createGrant(grant, things, group, context));
}

function createGrant(
  { to, role, on }: Grant,
  things: Partial<GrantedThings>,
  group: CustomResourceOptions,
  { deployment }: Context,
): Resource {
  // Known beforehand, but Google may name the writer of a sink otherwise.
  const known = memberOf(to, deployment);
  const member = (to.kind === 'agent' && to.agent === 'logging' && things.sinkWriter) || known;
  const { project, region } = deployment;
  const name = [role.replace('roles/', ''), ...Object.values(on), known].join(' ');
  switch (on.kind) {
    case 'topic':
      return new gcp.pubsub.TopicIAMMember(
        name,
        { topic: found(things.topics?.get(on.name)).name, role, member },
        group,
      );
    case 'subscription': {
      const subscription = found(things.subscriptions?.get(on.name)).name;
      return new gcp.pubsub.SubscriptionIAMMember(name, { subscription, role, member }, group);
    }
    case 'bucket': {
      const bucket = found(things.bucket).name;
      const condition = on.prefix === undefined ? {} : { condition: belowPrefix(deployment.bucket, on.prefix) };
      return new gcp.storage.BucketIAMMember(name, { bucket, role, member, ...condition }, group);
    }
    case 'job': {
      const job = found(things.jobs?.get(on.name));
      return new gcp.cloudrunv2.JobIamMember(name, { name: job.name, location: region, role, member }, group);
    }
    case 'service': {
      const service = found(things.services?.get(on.component));
      return new gcp.cloudrunv2.ServiceIamMember(name, { name: service.name, location: region, role, member }, group);
    }
    case 'secret': {
      const version = found(things.secrets?.get(on.variable));
      const secretId = version.secret.apply(() => secretIds[on.variable]);
      return new gcp.secretmanager.SecretIamMember(name, { secretId, role, member }, group);
    }
    case 'account': {
      const serviceAccountId = found(things.accounts)[on.component].name;
      return new gcp.serviceaccount.IAMMember(name, { serviceAccountId, role, member }, group);
    }
    case 'own-account': {
      const serviceAccountId = `projects/${project}/serviceAccounts/${on.email}`;
      return new gcp.serviceaccount.IAMMember(name, { serviceAccountId, role, member }, group);
    }
    case 'database': {
      const database = found(things.database);
      const condition = {
        title: 'sandbus-database',
        expression: database.name.apply((id) => `resource.name == "projects/${project}/databases/${id}"`),
      };
      return new gcp.projects.IAMMember(name, { project, role, member, condition }, group);
    }
  }
}

const belowPrefix = (bucket: string, prefix: string) => ({
  title: `sandbus-${prefix.replace(/\W+$/, '')}`,
  expression: `resource.name.startsWith("projects/_/buckets/${bucket}/objects/${prefix}")`,
});

function found<T>(thing: T | undefined): T {
  if (thing === undefined) throw new Error('a grant is for something that this deployment does not have');
  return thing;
}
