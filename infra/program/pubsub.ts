import * as gcp from '@pulumi/gcp';
import type { Resource } from '@pulumi/pulumi';
import { emailOf, readerOf, urlOf } from '../components.ts';
import type { Deployment } from '../deployment.ts';
import { type SubscriptionSpec, subscriptions, type TopicName, topics } from '../topology.ts';
import { jobEnds } from '../watchdog.ts';
import { type Context, inGroup } from './context.ts';

export type Topics = ReadonlyMap<TopicName | typeof jobEnds.topic, gcp.pubsub.Topic>;

export function createTopics(context: Context): Topics {
  const group = inGroup('topics', context);
  const names = [...Object.values(topics), ...(context.deployment.delivery === 'push' ? [jobEnds.topic] : [])];
  return new Map(names.map((name) => [name, new gcp.pubsub.Topic(name, { name }, group)]));
}

const all = Object.entries(subscriptions) as readonly (readonly [string, SubscriptionSpec])[];

/** Every subscription as the topology has it, by name; pushed to the service that reads it, unless services pull. */
export function createSubscriptions(
  made: Topics,
  after: readonly Resource[],
  context: Context,
): ReadonlyMap<string, gcp.pubsub.Subscription> {
  const group = inGroup('subscriptions', { after: [...context.after, ...after] });
  const idOf = (topic: TopicName) => {
    const found = made.get(topic);
    if (found === undefined) throw new Error(`there is no topic ${topic}`);
    return found.id;
  };
  return new Map(
    all.map(([key, spec]) => {
      const { name, topic, ackDeadlineSeconds, enableMessageOrdering, retry, deadLetter } = spec;
      const subscription = new gcp.pubsub.Subscription(
        name,
        {
          name,
          topic: idOf(topic),
          ackDeadlineSeconds,
          enableMessageOrdering,
          messageRetentionDuration: '604800s',
          // An empty time to live is none: Pub/Sub would delete a subscription that was idle for 31 days.
          expirationPolicy: { ttl: '' },
          retryPolicy: { minimumBackoff: `${retry.minimumSeconds}s`, maximumBackoff: `${retry.maximumSeconds}s` },
          ...(deadLetter !== null && {
            deadLetterPolicy: {
              deadLetterTopic: idOf(deadLetter.topic),
              maxDeliveryAttempts: deadLetter.maxDeliveryAttempts,
            },
          }),
          ...(context.deployment.delivery === 'push' && { pushConfig: pushTo(key, name, context.deployment) }),
        },
        group,
      );
      return [name, subscription];
    }),
  );
}

function pushTo(key: string, name: string, deployment: Deployment): gcp.types.input.pubsub.SubscriptionPushConfig {
  const url = urlOf(readerOf(key), deployment);
  return {
    pushEndpoint: `${url}/push/${name}`,
    oidcToken: { serviceAccountEmail: emailOf('pusher', deployment), audience: url },
  };
}
