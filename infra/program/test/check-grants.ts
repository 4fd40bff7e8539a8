import { accounts, emailOf, readerOf, secrets } from '../../components.ts';
import { memberOf } from '../../describe-grant.ts';
import { type GrantedResource, grantsOf } from '../../permissions.ts';
import { subscriptions, topics } from '../../topology.ts';
import { type Check, differences, unless } from './check.ts';
import { at, envOfContainer, ofType, text } from './find-inputs.ts';
import { place, type Recorded } from './record-deployment.ts';

const isPolicy = ({ type }: Recorded) => /iam(?:member|binding|policy|auditconfig)$/i.test(type);
const isMember = ({ type }: Recorded) => /iammember$/i.test(type);

/** Which resource a recorded grant is for, as the table names it. */
function resourceOf({ type, inputs }: Recorded): string {
  const condition = text(inputs, 'condition.expression');
  const suffix = condition === '' ? '' : ` if ${condition}`;
  switch (type) {
    case 'gcp:pubsub/topicIAMMember:TopicIAMMember':
      return `topic ${text(inputs, 'topic')}${suffix}`;
    case 'gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember':
      return `subscription ${text(inputs, 'subscription')}${suffix}`;
    case 'gcp:storage/bucketIAMMember:BucketIAMMember':
      return `bucket ${text(inputs, 'bucket')}${suffix}`;
    case 'gcp:cloudrunv2/jobIamMember:JobIamMember':
      return `job ${text(inputs, 'name')}${suffix}`;
    case 'gcp:cloudrunv2/serviceIamMember:ServiceIamMember':
      return `service ${text(inputs, 'name')}${suffix}`;
    case 'gcp:secretmanager/secretIamMember:SecretIamMember':
      return `secret ${text(inputs, 'secretId')}${suffix}`;
    case 'gcp:serviceaccount/iAMMember:IAMMember':
      return `account ${text(inputs, 'serviceAccountId')}${suffix}`;
    case 'gcp:projects/iAMMember:IAMMember':
      return `project ${text(inputs, 'project')}${suffix}`;
    default:
      return `${type}${suffix}`;
  }
}

/** Written out again, apart from the program: a grant must be for what the table says. */
function wantedResource(on: GrantedResource, bucket: string): string {
  switch (on.kind) {
    case 'topic':
    case 'subscription':
    case 'job':
      return `${on.kind} ${on.name}`;
    case 'bucket':
      return on.prefix === undefined
        ? `bucket ${bucket}`
        : `bucket ${bucket} if resource.name.startsWith("projects/_/buckets/${bucket}/objects/${on.prefix}")`;
    case 'service':
      return `service ${accounts[on.component]}`;
    case 'secret':
      return `secret ${secrets[on.variable]}`;
    case 'account':
      return `account projects/${place.project}/serviceAccounts/${accounts[on.component]}`;
    case 'own-account':
      return `account projects/${place.project}/serviceAccounts/${on.email}`;
    case 'database':
      return `project ${place.project} if resource.name == "projects/${place.project}/databases/(default)"`;
  }
}

const describe = (recorded: Recorded) =>
  `${text(recorded.inputs, 'member')} | ${text(recorded.inputs, 'role')} | ${resourceOf(recorded)}`;

export const grantChecks: readonly Check[] = [
  {
    name: 'grants are those of the table and no other',
    problemsOf(recorded, deployment) {
      const wanted = grantsOf(deployment).map(
        ({ to, role, on }) => `${memberOf(to, deployment)} | ${role} | ${wantedResource(on, deployment.bucket)}`,
      );
      return differences('grants', recorded.filter(isMember).map(describe), wanted);
    },
  },
  {
    name: 'no grant takes away what others have granted',
    problemsOf: (recorded) =>
      recorded
        .filter(isPolicy)
        .filter((one) => !isMember(one) && !/auditconfig$/i.test(one.type))
        .map(({ type, name }) => `${type} ${name} replaces a policy`),
  },
  {
    name: 'nobody is everybody, and no role is a primitive one or lets its holder grant',
    problemsOf: (recorded) =>
      recorded.filter(isMember).flatMap((one) => {
        const role = text(one.inputs, 'role');
        return [
          ...unless(!/^all(?:Authenticated)?Users$/.test(text(one.inputs, 'member')), `${describe(one)}: everybody`),
          ...unless(
            !/^roles\/(?:owner|editor|viewer|browser)$|[aA]dmin$/.test(role) && /^roles\/[a-z]+\.[A-Za-z]+$/.test(role),
            `${describe(one)}: too much`,
          ),
        ];
      }),
  },
  {
    name: 'nothing is granted for the project but records of its one database',
    problemsOf: (recorded) =>
      recorded
        .filter(({ type }) => type === 'gcp:projects/iAMMember:IAMMember')
        .flatMap((one) => [
          ...unless(
            /^roles\/datastore\.(?:user|viewer)$/.test(text(one.inputs, 'role')),
            `${describe(one)}: of the project`,
          ),
          ...unless(at(one.inputs, 'condition.expression') !== undefined, `${describe(one)}: without a condition`),
        ]),
  },
  {
    name: 'on each topic somebody may publish, and each subscription is pushed or may be pulled by its reader',
    problemsOf(recorded, deployment) {
      const members = recorded.filter(isMember);
      const may = (role: string, resource: string, member = '') =>
        members.some(
          (one) =>
            text(one.inputs, 'role') === role &&
            resourceOf(one) === resource &&
            text(one.inputs, 'member').includes(member),
        );
      return [
        ...ofType(recorded, 'pubsub/topic:Topic').flatMap(({ inputs }) => {
          const name = text(inputs, 'name');
          return unless(may('roles/pubsub.publisher', `topic ${name}`), `nobody may publish on ${name}`);
        }),
        ...ofType(recorded, 'pubsub/subscription:Subscription').flatMap(({ inputs }) => {
          const name = text(inputs, 'name');
          const [key = ''] = Object.entries(subscriptions).find(([, spec]) => spec.name === name) ?? [];
          const isRead =
            at(inputs, 'pushConfig.pushEndpoint') !== undefined ||
            may('roles/pubsub.subscriber', `subscription ${name}`, emailOf(readerOf(key), deployment));
          return unless(isRead, `nobody may pull ${name}`);
        }),
      ];
    },
  },
  {
    name: 'whoever has a key by its environment may read that secret, and nobody else may',
    problemsOf(recorded) {
      const read = recorded.flatMap(({ type, inputs }) => {
        const container = /cloudrunv2\/(?:service:Service|workerPool:WorkerPool)$/.test(type)
          ? at(inputs, 'template.containers.0')
          : undefined;
        const account = text(inputs, 'template.serviceAccount');
        return Object.values(envOfContainer(container).secret).map((id) => `serviceAccount:${account} ${id}`);
      });
      const granted = recorded
        .filter(({ type }) => type === 'gcp:secretmanager/secretIamMember:SecretIamMember')
        .map(({ inputs }) => `${text(inputs, 'member')} ${text(inputs, 'secretId')}-id`);
      return differences('readers of keys', granted, read);
    },
  },
  {
    name: 'the account of executors may publish results and output, and nothing else',
    problemsOf(recorded) {
      const found = recorded
        .filter(isMember)
        .filter(({ inputs }) => text(inputs, 'member').includes(accounts.executor))
        .map(({ inputs, type }) => `${text(inputs, 'role')} ${type.includes('topic') ? text(inputs, 'topic') : type}`);
      return differences('executor', found, [
        `roles/pubsub.publisher ${topics.results}`,
        `roles/pubsub.publisher ${topics.output}`,
      ]);
    },
  },
];
