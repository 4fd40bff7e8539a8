/**
 * Every topic and subscription of a deployment. The services, the local stack and the deployment program read it here,
 * so none can disagree about a name or a deadline.
 */
export const topics = {
  requests: 'exec-requests',
  control: 'exec-control',
  results: 'exec-results',
  output: 'exec-output',
  notifications: 'exec-notifications',
  wakeups: 'exec-wakeups',
  sweep: 'exec-sweep',
  replays: 'exec-replays',
  webhookRequests: 'exec-webhook-requests',
  webhooks: 'exec-webhooks',
  files: 'exec-files',
  requestsDeadLetter: 'exec-requests-dead-letter',
  resultsDeadLetter: 'exec-results-dead-letter',
} as const;

export type TopicName = (typeof topics)[keyof typeof topics];

/** The message of each topic that may lose some to the dead letters. */
export const messageNames = {
  [topics.requests]: 'exec-request.v1',
  [topics.control]: 'exec-control.v1',
  [topics.results]: 'completion-event.v1',
  [topics.wakeups]: 'wake-up.v1',
  [topics.sweep]: 'sweep.v1',
  [topics.replays]: 'replay-request.v1',
  [topics.webhookRequests]: 'webhook-request.v1',
  [topics.webhooks]: 'webhook-delivery.v1',
  [topics.files]: 'file-request.v1',
} as const;

export interface SubscriptionSpec {
  readonly name: string;
  readonly topic: TopicName;
  /** 10 to 600 (pubsub.proto, Subscription.ack_deadline_seconds). */
  readonly ackDeadlineSeconds: number;
  readonly enableMessageOrdering: boolean;
  /** Back-off between deliveries; 0 to 600 s (pubsub.proto, RetryPolicy). */
  readonly retry: { readonly minimumSeconds: number; readonly maximumSeconds: number };
  /** Where a message goes after 5 to 100 deliveries (pubsub.proto, DeadLetterPolicy); null for the end of the line. */
  readonly deadLetter: { readonly topic: TopicName; readonly maxDeliveryAttempts: number } | null;
}

/**
 * As many as Pub/Sub allows: with a back-off that doubles from 1 to 60 s they are 94 minutes, and a service of Google
 * that is away for an hour costs no message. What can never succeed is dead-lettered by its reader at once.
 */
const maxDeliveryAttempts = 100;

const spec = (
  name: string,
  topic: TopicName,
  deadLetter: TopicName | null,
  options: {
    readonly ordered: boolean;
    readonly maxDeliveryAttempts?: number;
    readonly maximumBackoffSeconds?: number;
  },
): SubscriptionSpec => ({
  name,
  topic,
  ackDeadlineSeconds: 60,
  enableMessageOrdering: options.ordered,
  retry: { minimumSeconds: 1, maximumSeconds: options.maximumBackoffSeconds ?? 60 },
  deadLetter:
    deadLetter === null
      ? null
      : { topic: deadLetter, maxDeliveryAttempts: options.maxDeliveryAttempts ?? maxDeliveryAttempts },
});

/** Keys name the reader and what it reads. A dead-letter subscription has no dead letters of its own: it keeps trying. */
export const subscriptions = {
  dispatcherRequests: spec('exec-requests-dispatcher', topics.requests, topics.requestsDeadLetter, { ordered: true }),
  dispatcherControl: spec('exec-control-dispatcher', topics.control, topics.requestsDeadLetter, {
    ordered: true,
    // A message about an execution that nobody knows holds up the later ones of its session until it is given up.
    maxDeliveryAttempts: 20,
  }),
  dispatcherFiles: spec('exec-files-dispatcher', topics.files, topics.requestsDeadLetter, {
    ordered: true,
    // Somebody waits for the answer, and what a command holds up may be done as soon as it has ended.
    maximumBackoffSeconds: 5,
  }),
  dispatcherWakeups: spec('exec-wakeups-dispatcher', topics.wakeups, topics.requestsDeadLetter, { ordered: false }),
  dispatcherSweep: spec('exec-sweep-dispatcher', topics.sweep, topics.resultsDeadLetter, { ordered: false }),
  collectorResults: spec('exec-results-collector', topics.results, topics.resultsDeadLetter, { ordered: true }),
  collectorSweep: spec('exec-sweep-collector', topics.sweep, topics.resultsDeadLetter, { ordered: false }),
  collectorWebhookRequests: spec('exec-webhook-requests-collector', topics.webhookRequests, topics.resultsDeadLetter, {
    ordered: true,
    // What cannot be stored holds up what is asked of its webhook after it.
    maxDeliveryAttempts: 20,
  }),
  collectorWebhooks: spec('exec-webhooks-collector', topics.webhooks, topics.resultsDeadLetter, {
    ordered: false,
    // A receiver may be away for a night: a hundred deliveries are 15 hours.
    maximumBackoffSeconds: 600,
  }),
  deadLetterRequests: spec('exec-requests-dead-letter-capture', topics.requestsDeadLetter, null, { ordered: false }),
  deadLetterResults: spec('exec-results-dead-letter-capture', topics.resultsDeadLetter, null, { ordered: false }),
  deadLetterReplays: spec('exec-replays-dead-letter', topics.replays, topics.requestsDeadLetter, { ordered: false }),
} as const satisfies Record<string, SubscriptionSpec>;
