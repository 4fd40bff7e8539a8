import type { ProtoTime } from './proto-time.ts';

/** The resources of google.pubsub.v1 as they travel; fields that this server refuses are left out. */
export interface TopicResource {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly messageStoragePolicy: object | null;
  readonly kmsKeyName: string;
  readonly messageRetentionDuration: ProtoTime | null;
  readonly state: 'ACTIVE';
}

export interface SubscriptionResource {
  readonly name: string;
  readonly topic: string;
  readonly pushConfig: PushConfig | null;
  readonly ackDeadlineSeconds: number;
  readonly retainAckedMessages: boolean;
  readonly messageRetentionDuration: ProtoTime;
  readonly labels: Readonly<Record<string, string>>;
  readonly enableMessageOrdering: boolean;
  readonly expirationPolicy: { readonly ttl: ProtoTime | null };
  readonly filter: string;
  readonly deadLetterPolicy: DeadLetterPolicy | null;
  readonly retryPolicy: RetryPolicy | null;
  readonly detached: boolean;
  readonly enableExactlyOnceDelivery: boolean;
  readonly state: 'ACTIVE';
}

export interface PushConfig {
  readonly pushEndpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
  // Alternatives of the protocol: what is not chosen is not there.
  readonly oidcToken?: { readonly serviceAccountEmail: string; readonly audience: string };
  readonly noWrapper?: { readonly writeMetadata: boolean };
}

export interface DeadLetterPolicy {
  readonly deadLetterTopic: string;
  readonly maxDeliveryAttempts: number;
}

export interface RetryPolicy {
  readonly minimumBackoff: ProtoTime;
  readonly maximumBackoff: ProtoTime;
}

export interface SnapshotResource {
  readonly name: string;
  readonly topic: string;
  readonly expireTime: ProtoTime;
  readonly labels: Readonly<Record<string, string>>;
}

/** What a topic's name becomes in its subscriptions and snapshots once it is deleted. */
export const deletedTopic = '_deleted-topic_';

/** A subscription with an empty push configuration is a pull subscription. */
export function isPush(resource: SubscriptionResource): boolean {
  return resource.pushConfig !== null && resource.pushConfig.pushEndpoint !== '';
}
