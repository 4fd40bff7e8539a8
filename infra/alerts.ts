import { accounts, serviceComponents } from './components.ts';
import { type SubscriptionSpec, subscriptions, topics } from './topology.ts';
import { jobEnds } from './watchdog.ts';

/** A count of log lines, which an alert can look at like at any metric. */
export interface LogMetric {
  readonly name: string;
  readonly filter: string;
  readonly means: string;
}

export interface AlertSpec {
  /** Unique, kebab-case. */
  readonly name: string;
  readonly title: string;
  readonly filter: string;
  /** How points of one minute are made: the rate of a counter, or the highest value of a gauge. */
  readonly aligner: 'ALIGN_DELTA' | 'ALIGN_MAX';
  /** Above this for this long. */
  readonly threshold: number;
  readonly forSeconds: number;
  readonly severity: 'CRITICAL' | 'ERROR' | 'WARNING';
  readonly means: string;
  /** Heading of the runbook, as a link has it. */
  readonly runbook: string;
}

const all: readonly SubscriptionSpec[] = Object.values(subscriptions);
const services = serviceComponents.map((component) => accounts[component]).join('|');

export const logMetrics = {
  serviceErrors: {
    name: 'sandbus-service-errors',
    filter: `(resource.type="cloud_run_revision" OR resource.type="cloud_run_worker_pool") AND severity>=ERROR AND jsonPayload.service=~"^(dispatcher|result-collector|dead-letter)$"`,
    means: 'errors that services log',
  },
  failedJobs: {
    name: 'sandbus-failed-jobs',
    filter: `log_id("cloudaudit.googleapis.com/system_event") AND resource.type="cloud_run_job" AND resource.labels.job_name=~"^sandbus-" AND protoPayload.methodName="/Jobs.RunJob" AND severity>=ERROR`,
    means: 'jobs that Cloud Run says have failed: an executor that did its work never does',
  },
  refusedResults: {
    name: 'sandbus-refused-pushes',
    filter: `resource.type="cloud_run_revision" AND resource.labels.service_name=~"^(${services})$" AND jsonPayload.message="push refused: bad token"`,
    means: 'deliveries that somebody else than Pub/Sub pushed',
  },
} as const satisfies Record<string, LogMetric>;

const ofSubscription = (metric: string, name: string) =>
  `metric.type="pubsub.googleapis.com/subscription/${metric}" AND resource.type="pubsub_subscription" AND resource.labels.subscription_id="${name}"`;
const ofLog = ({ name }: LogMetric, type: string) =>
  `metric.type="logging.googleapis.com/user/${name}" AND resource.type="${type}"`;

/** A webhook that does not answer may keep its deliveries for a night; everything else is taken at once. */
const patienceSeconds = ({ topic }: { readonly topic: string }) => (topic === topics.webhooks ? 16 * 60 * 60 : 10 * 60);

const read = [...all, { name: jobEnds.subscription, topic: jobEnds.topic }];

const backlogs: readonly AlertSpec[] = read.map((spec) => ({
  name: `backlog-${spec.name}`,
  title: `Messages of ${spec.name} are not taken`,
  filter: ofSubscription('oldest_unacked_message_age', spec.name),
  aligner: 'ALIGN_MAX',
  threshold: patienceSeconds(spec),
  forSeconds: 60,
  severity: 'CRITICAL',
  means: `the oldest message waits longer than ${patienceSeconds(spec) / 60} minutes`,
  runbook: 'a-backlog-grows',
}));

const givenUp: readonly AlertSpec[] = [
  ...all.filter(({ deadLetter }) => deadLetter !== null),
  { name: jobEnds.subscription },
].map(({ name }) => ({
  name: `given-up-${name}`,
  title: `Messages of ${name} are given up`,
  filter: ofSubscription('dead_letter_message_count', name),
  aligner: 'ALIGN_DELTA',
  threshold: 0,
  forSeconds: 0,
  severity: 'ERROR',
  means: 'Pub/Sub forwarded a message to the dead letters after its last delivery',
  runbook: 'dead-letters',
}));

const deadLetters: readonly AlertSpec[] = [topics.requestsDeadLetter, topics.resultsDeadLetter].map((topic) => ({
  name: `dead-letters-${topic}`,
  title: `Dead letters arrive on ${topic}`,
  filter: `metric.type="pubsub.googleapis.com/topic/send_message_operation_count" AND resource.type="pubsub_topic" AND resource.labels.topic_id="${topic}"`,
  aligner: 'ALIGN_DELTA',
  threshold: 0,
  forSeconds: 0,
  severity: 'WARNING',
  means: 'a service or Pub/Sub found a message that cannot be processed',
  runbook: 'dead-letters',
}));

/** Cloud Run's quotas of a region (https://cloud.google.com/run/quotas); an alert comes at four fifths. */
const quotas = { runningExecutions: 1000, runJobPerMinute: 180 };

export const alerts: readonly AlertSpec[] = [
  ...backlogs,
  ...givenUp,
  ...deadLetters,
  {
    name: 'failed-jobs',
    title: 'Executors fail',
    filter: ofLog(logMetrics.failedJobs, 'cloud_run_job'),
    aligner: 'ALIGN_DELTA',
    threshold: 5,
    forSeconds: 300,
    severity: 'ERROR',
    means: 'more than five jobs a minute fail: no wall, no image, no memory',
    runbook: 'launches',
  },
  {
    name: 'stuck-leases',
    title: 'Jobs run on after their time',
    filter:
      'metric.type="run.googleapis.com/job/running_executions" AND resource.type="cloud_run_job" AND resource.labels.job_name=monitoring.regex.full_match("sandbus-.*")',
    aligner: 'ALIGN_MAX',
    threshold: quotas.runningExecutions * 0.8,
    forSeconds: 300,
    severity: 'WARNING',
    means: `more than ${quotas.runningExecutions * 0.8} executions of a job run: stuck ones, or the region's quota of ${quotas.runningExecutions} is near`,
    runbook: 'stuck-executions',
  },
  {
    name: 'quota-exceeded',
    title: 'A quota of Cloud Run is used up',
    filter:
      'metric.type="serviceruntime.googleapis.com/quota/exceeded" AND resource.type="consumer_quota" AND resource.labels.service="run.googleapis.com"',
    aligner: 'ALIGN_MAX',
    threshold: 0,
    forSeconds: 0,
    severity: 'WARNING',
    means: `launches wait for capacity; RunJob allows ${quotas.runJobPerMinute} a minute`,
    runbook: 'quotas',
  },
  {
    name: 'service-errors',
    title: 'Services log errors',
    filter: ofLog(logMetrics.serviceErrors, 'cloud_run_revision'),
    aligner: 'ALIGN_DELTA',
    threshold: 10,
    forSeconds: 300,
    severity: 'ERROR',
    means: 'more than ten errors a minute for five minutes',
    runbook: 'first-look',
  },
  {
    name: 'refused-pushes',
    title: 'Somebody pushes deliveries who is not Pub/Sub',
    filter: ofLog(logMetrics.refusedResults, 'cloud_run_revision'),
    aligner: 'ALIGN_DELTA',
    threshold: 0,
    forSeconds: 0,
    severity: 'WARNING',
    means: 'a push without a good token was refused; nothing was handled',
    runbook: 'forged-results',
  },
];
