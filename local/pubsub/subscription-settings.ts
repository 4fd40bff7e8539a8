import { checkLabels } from './labels.ts';
import { checkDuration, millisecondsOf, type ProtoTime } from './proto-time.ts';
import { invalidArgument, outOfRange, unimplemented } from './refusals.ts';
import { parseNewResourceName, parseResourceName } from './resource-name.ts';
import { type DeadLetterPolicy, isPush, type RetryPolicy, type SubscriptionResource } from './resources.ts';
import type { MaskedFields } from './update-mask.ts';

const day = 86_400;

/** A subscription as a client states it: what it leaves out is null, empty or zero. */
export type RequestedSubscription = Omit<
  SubscriptionResource,
  'messageRetentionDuration' | 'expirationPolicy' | 'retryPolicy'
> & {
  readonly messageRetentionDuration: ProtoTime | null;
  readonly expirationPolicy: { readonly ttl: ProtoTime | null } | null;
  readonly retryPolicy: { readonly minimumBackoff: ProtoTime | null; readonly maximumBackoff: ProtoTime | null } | null;
  readonly bigqueryConfig?: object | null;
  readonly cloudStorageConfig?: object | null;
  readonly bigtableConfig?: object | null;
  readonly messageTransforms?: readonly object[];
};

/** Fills in Google's defaults and refuses what is out of Google's bounds. */
export function settleSubscription(requested: RequestedSubscription): SubscriptionResource {
  parseNewResourceName(requested.name, 'subscriptions', 'name');
  checkLabels(requested.labels);
  refuseUnsupported(requested);
  const resource: SubscriptionResource = {
    name: requested.name,
    topic: requested.topic,
    pushConfig: requested.pushConfig,
    ackDeadlineSeconds: requested.ackDeadlineSeconds === 0 ? 10 : requested.ackDeadlineSeconds,
    retainAckedMessages: requested.retainAckedMessages,
    messageRetentionDuration: requested.messageRetentionDuration ?? { seconds: 7 * day, nanos: 0 },
    labels: requested.labels,
    enableMessageOrdering: requested.enableMessageOrdering,
    expirationPolicy: requested.expirationPolicy ?? { ttl: { seconds: 31 * day, nanos: 0 } },
    filter: requested.filter,
    deadLetterPolicy: requested.deadLetterPolicy === null ? null : settleDeadLetterPolicy(requested.deadLetterPolicy),
    retryPolicy: requested.retryPolicy === null ? null : settleRetryPolicy(requested.retryPolicy),
    detached: requested.detached,
    enableExactlyOnceDelivery: requested.enableExactlyOnceDelivery,
    state: 'ACTIVE',
  };
  checkAckDeadlineSeconds(resource.ackDeadlineSeconds, 'ack_deadline_seconds');
  checkDuration(resource.messageRetentionDuration, 'message_retention_duration', {
    minSeconds: 600,
    maxSeconds: 31 * day,
  });
  if (resource.expirationPolicy.ttl !== null) {
    checkDuration(resource.expirationPolicy.ttl, 'expiration_policy.ttl', { minSeconds: day, maxSeconds: 365 * day });
  }
  if (isPush(resource)) checkPush(resource);
  return resource;
}

/** The bounds of a lease's first deadline, for subscriptions and for streams. */
export function checkAckDeadlineSeconds(seconds: number, field: string): void {
  if (seconds < 10 || seconds > 600)
    throw invalidArgument(`Invalid ${field}: ${seconds} is outside 10 to 600 seconds.`);
}

function settleDeadLetterPolicy(requested: DeadLetterPolicy): DeadLetterPolicy {
  parseResourceName(requested.deadLetterTopic, 'topics', 'dead_letter_policy.dead_letter_topic');
  const maxDeliveryAttempts = requested.maxDeliveryAttempts === 0 ? 5 : requested.maxDeliveryAttempts;
  if (maxDeliveryAttempts < 5 || maxDeliveryAttempts > 100) {
    throw outOfRange(`Invalid dead_letter_policy.max_delivery_attempts: ${maxDeliveryAttempts} is outside 5 to 100.`);
  }
  return { deadLetterTopic: requested.deadLetterTopic, maxDeliveryAttempts };
}

function settleRetryPolicy(requested: NonNullable<RequestedSubscription['retryPolicy']>): RetryPolicy {
  const policy = {
    minimumBackoff: requested.minimumBackoff ?? { seconds: 10, nanos: 0 },
    maximumBackoff: requested.maximumBackoff ?? { seconds: 600, nanos: 0 },
  };
  const bounds = { minSeconds: 0, maxSeconds: 600 };
  checkDuration(policy.minimumBackoff, 'retry_policy.minimum_backoff', bounds);
  checkDuration(policy.maximumBackoff, 'retry_policy.maximum_backoff', bounds);
  if (millisecondsOf(policy.minimumBackoff) > millisecondsOf(policy.maximumBackoff)) {
    throw invalidArgument('Invalid retry_policy: minimum_backoff is greater than maximum_backoff.');
  }
  return policy;
}

function checkPush(resource: SubscriptionResource): void {
  const endpoint = resource.pushConfig?.pushEndpoint ?? '';
  const url = URL.parse(endpoint);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw invalidArgument(`Invalid push_config.push_endpoint "${endpoint}": an http or https URL is needed.`);
  }
  if (resource.pushConfig?.oidcToken?.serviceAccountEmail === '') {
    throw invalidArgument('Invalid push_config.oidc_token.service_account_email: it must not be empty.');
  }
  if (resource.enableExactlyOnceDelivery) {
    throw invalidArgument(
      'Invalid enable_exactly_once_delivery: push subscriptions do not have exactly-once delivery.',
    );
  }
}

function refuseUnsupported(requested: RequestedSubscription): void {
  if (requested.bigqueryConfig) throw unimplemented('Subscription field bigquery_config');
  if (requested.cloudStorageConfig) throw unimplemented('Subscription field cloud_storage_config');
  if (requested.bigtableConfig) throw unimplemented('Subscription field bigtable_config');
  if ((requested.messageTransforms ?? []).length > 0) throw unimplemented('Subscription field message_transforms');
}

/** What UpdateSubscription may change. */
export const subscriptionFields: MaskedFields = {
  type: 'Subscription',
  mutable: {
    push_config: 'pushConfig',
    ack_deadline_seconds: 'ackDeadlineSeconds',
    retain_acked_messages: 'retainAckedMessages',
    message_retention_duration: 'messageRetentionDuration',
    labels: 'labels',
    expiration_policy: 'expirationPolicy',
    dead_letter_policy: 'deadLetterPolicy',
    retry_policy: 'retryPolicy',
    enable_exactly_once_delivery: 'enableExactlyOnceDelivery',
    bigquery_config: 'bigqueryConfig',
    cloud_storage_config: 'cloudStorageConfig',
    bigtable_config: 'bigtableConfig',
    message_transforms: 'messageTransforms',
  },
  immutable: ['name', 'topic', 'filter', 'enable_message_ordering', 'detached', 'state', 'tags'],
};
