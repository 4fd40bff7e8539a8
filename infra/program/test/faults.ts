import { add, type Change, dropEnv, env, remove, secretOf, set } from './change-resources.ts';

const requests = 'exec-requests-dispatcher';
const job = 'sandbus-standard-small-none';
const executor = 'serviceAccount:sandbus-executor@acme-tests.iam.gserviceaccount.com';

/** What is done, and a part of the name of the check that is to notice it. */
export const faults: readonly (readonly [string, Change, string])[] = [
  ['a topic is forgotten', remove('Topic', 'exec-wakeups'), 'topics and subscriptions'],
  ['a subscription is forgotten', remove('Subscription', 'exec-control-dispatcher'), 'topics and subscriptions'],
  ['a dead-letter policy is dropped', set('Subscription', requests, 'deadLetterPolicy'), 'loses nothing'],
  [
    'dead letters go to a topic that nobody reads',
    set('Subscription', requests, 'deadLetterPolicy.deadLetterTopic', 'exec-output-id'),
    'loses nothing',
  ],
  ['a subscription expires', set('Subscription', requests, 'expirationPolicy', { ttl: '2678400s' }), 'loses nothing'],
  ['an ack deadline differs from the topology', set('Subscription', requests, 'ackDeadlineSeconds', 10), 'deadlines'],
  ['the order of a session is lost', set('Subscription', requests, 'enableMessageOrdering', false), 'deadlines'],
  [
    'a push goes to the handler of another subscription',
    set(
      'Subscription',
      requests,
      'pushConfig.pushEndpoint',
      'https://sandbus-dispatcher-123456789012.europe-west1.run.app/push/exec-control-dispatcher',
    ),
    'pushed to the path',
  ],
  [
    'a push has a token of the dispatcher itself',
    set(
      'Subscription',
      requests,
      'pushConfig.oidcToken.serviceAccountEmail',
      'sandbus-dispatcher@acme-tests.iam.gserviceaccount.com',
    ),
    'pushed to the path',
  ],
  ['a push has no token', set('Subscription', requests, 'pushConfig.oidcToken'), 'pushed to the path'],
  ['an alert of a backlog is dropped', remove('AlertPolicy', 'backlog-exec-results-collector'), 'has its alerts'],
  [
    'an alert names another subscription',
    set(
      'AlertPolicy',
      'given-up-exec-requests-dispatcher',
      'conditions.0.conditionThreshold.filter',
      'metric.type="x"',
    ),
    'has its alerts',
  ],
  ['an alert tells nobody', set('AlertPolicy', 'failed-jobs', 'notificationChannels', []), 'whoever is to be told'],
  [
    'an alert compares the wrong way',
    set('AlertPolicy', 'service-errors', 'conditions.0.conditionThreshold.comparison', 'COMPARISON_LT'),
    'whoever is to be told',
  ],
  ['a log metric is dropped', remove('Metric', 'sandbus-failed-jobs'), 'metrics that exist'],
  [
    'the schedule publishes what nobody can read',
    set('Job', 'sandbus-sweep', 'pubsubTarget.data', 'bm90IGpzb24='),
    'each minute',
  ],
  [
    'the executor may publish requests',
    add('pubsub/topicIAMMember:TopicIAMMember', {
      topic: 'exec-requests',
      role: 'roles/pubsub.publisher',
      member: executor,
    }),
    'account of executors',
  ],
  [
    'the executor may read records',
    add('projects/iAMMember:IAMMember', { project: 'acme-tests', role: 'roles/datastore.user', member: executor }),
    'grants are those',
  ],
  [
    'a role is widened to editor',
    set('TopicIAMMember', 'exec-results serviceAccount:sandbus-executor', 'role', 'roles/editor'),
    'primitive',
  ],
  [
    'a role lets its holder grant',
    set('BucketIAMMember', 'sandbus-dispatcher', 'role', 'roles/storage.admin'),
    'primitive',
  ],
  ['everybody may launch', set('JobIamMember', 'jobsExecutorWithOverrides', 'member', 'allUsers'), 'everybody'],
  ['a grant of the database loses its condition', set('IAMMember', 'datastore.user', 'condition'), 'one database'],
  ['a grant of Pub/Sub’s agent is forgotten', remove('SubscriptionIAMMember', requests), 'grants are those'],
  [
    'a binding replaces what others have granted',
    add('pubsub/topicIAMBinding:TopicIAMBinding', {
      topic: 'exec-results',
      role: 'roles/pubsub.publisher',
      members: [executor],
    }),
    'takes away',
  ],
  ['an account gets a key', add('serviceaccount/key:Key', { serviceAccountId: 'sandbus-executor' }), 'none has a key'],
  ['a job is retried', set('Job', job, 'template.template.maxRetries', 3), 'never retried'],
  ['a job runs two tasks', set('Job', job, 'template.taskCount', 2), 'never retried'],
  ['a job ends before its longest command', set('Job', job, 'template.template.timeout', '600s'), 'never retried'],
  [
    'a job has too little memory',
    set('Job', job, 'template.template.containers.0.resources.limits.memory', '512Mi'),
    'room for',
  ],
  [
    'a job without a network is left outside the closed one',
    set('Job', job, 'template.template.vpcAccess'),
    'out nothing but HTTPS',
  ],
  [
    'only private ranges go through the closed network',
    set('Job', job, 'template.template.vpcAccess.egress', 'PRIVATE_RANGES_ONLY'),
    'out nothing but HTTPS',
  ],
  [
    'a job runs as the dispatcher',
    set('Job', job, 'template.template.serviceAccount', 'sandbus-dispatcher@acme-tests.iam.gserviceaccount.com'),
    'never retried',
  ],
  [
    'an image is named by a tag',
    set('Job', job, 'template.template.containers.0.image', 'executor:latest'),
    'by what is in them',
  ],
  ['the deny rule is dropped', remove('Firewall', 'sandbus-deny-egress'), 'out nothing but HTTPS'],
  [
    'everything is let out',
    set('Firewall', 'sandbus-allow-google', 'allows', [{ protocol: 'all' }]),
    'out nothing but HTTPS',
  ],
  ['a NAT leads out', add('compute/routerNat:RouterNat', {}), 'out nothing but HTTPS'],
  ['a variable is misspelt', env('sandbus-collector', 'COLLECTOR_DELIVERY', 'pushed'), 'environment'],
  [
    'a URL ends with a slash',
    env('sandbus-dispatcher', 'DISPATCHER_LEASE_API_URL', 'https://x.example/'),
    'environment',
  ],
  [
    'the dispatcher knows a job that is not there',
    env('sandbus-dispatcher', 'SANDBUS_JOB', 'projects/acme-tests/locations/europe-west1/jobs/old'),
    'jobs that exist',
  ],
  [
    'the collector can be called by everybody',
    set('Service', 'sandbus-collector', 'invokerIamDisabled', true),
    'callers through unchecked',
  ],
  [
    'a service never sleeps',
    set('Service', 'sandbus-dead-letter', 'template.scaling.minInstanceCount', 1),
    'nothing runs',
  ],
  [
    'the bucket keeps what was deleted',
    set('Bucket', 'bucket', 'softDeletePolicy.retentionDurationSeconds', 604_800),
    'closed to the public',
  ],
  [
    'the bucket can be made public',
    set('Bucket', 'bucket', 'publicAccessPrevention', 'inherited'),
    'closed to the public',
  ],
  [
    'objects are deleted by age',
    set('Bucket', 'bucket', 'lifecycleRules', [{ action: { type: 'Delete' }, condition: { age: 30 } }]),
    'by age',
  ],
  ['an index is forgotten', remove('Index', 'executions-tenantid'), 'indexes'],
  ['a TTL is forgotten', remove('Field', 'outbox-expireAt'), 'indexes'],
  [
    'the database can be deleted',
    set('Database', 'database', 'deleteProtectionState', 'DELETE_PROTECTION_DISABLED'),
    'refuses to be deleted',
  ],
  ['a format is misspelt', set('Repository', 'registry', 'format', 'DOCKERR'), 'under their tag'],
  [
    'a duration has no unit',
    set('Subscription', requests, 'retryPolicy.maximumBackoff', '60'),
    'durations are seconds',
  ],
  ['tags can move', set('Repository', 'registry', 'dockerConfig.immutableTags', false), 'under their tag'],
  [
    'the database is of another mode',
    set('Database', 'database', 'type', 'DATASTORE_MODE'),
    'one database in native mode',
  ],
  ['a key has no version', remove('SecretVersion', 'sandbus-lease-key'), 'one version each'],
  [
    'a key is that of another',
    secretOf('sandbus-dispatcher', 'SANDBUS_LEASE_KEY', 'sandbus-result-key-id'),
    'from its own secret',
  ],
  ['the key of secrets is forgotten', remove('Secret', 'sandbus-secrets-key'), 'one version each'],
  [
    'the dispatcher does not get the key of secrets',
    dropEnv('sandbus-dispatcher', 'SANDBUS_SECRETS_KEY'),
    'own secret',
  ],
  [
    'the dispatcher may not read the key of secrets',
    remove('SecretIamMember', 'SANDBUS_SECRETS_KEY'),
    'may read that secret',
  ],
  [
    'another service may read the key of secrets',
    add('secretmanager/secretIamMember:SecretIamMember', {
      secretId: 'sandbus-secrets-key',
      role: 'roles/secretmanager.secretAccessor',
      member: 'serviceAccount:sandbus-collector@acme-tests.iam.gserviceaccount.com',
    }),
    'may read that secret',
  ],
  ['nobody is granted a new topic', add('pubsub/topic:Topic', { name: 'exec-new' }), 'somebody may publish'],
  [
    'nobody is granted what a new subscription has',
    add('pubsub/subscription:Subscription', { name: 'exec-new-dispatcher', topic: 'exec-wakeups-id' }),
    'pulled by its reader',
  ],
  [
    'a grant to publish is forgotten',
    remove('TopicIAMMember', 'exec-webhooks serviceAccount:sandbus-collector'),
    'grants are those',
  ],
  ['an API is switched off by a teardown', set('Service', 'run.googleapis.com', 'disableOnDestroy', true), 'stays on'],
  ['an API is forgotten', remove('Service', 'pubsub.googleapis.com'), 'every API'],
  [
    'a budget tells when it is too late',
    set('Budget', 'sandbus', 'thresholdRules', [{ thresholdPercent: 1 }]),
    'before it is reached',
  ],
  [
    'the log sink tells of every job',
    set('ProjectSink', 'sandbus-job-ends', 'filter', 'resource.type="cloud_run_job"'),
    'failed jobs',
  ],
  [
    'what the watchdog publishes cannot be read',
    set(
      'Subscription',
      'exec-job-ends-sweep',
      'messageTransforms.0.javascriptUdf.code',
      'function toSweep(message) { return message; }',
    ),
    'failed jobs',
  ],
  [
    'the retention job runs as the dispatcher',
    set('Job', 'sandbus-retention', 'template.template.serviceAccount', 'x'),
    'retention job',
  ],
];
