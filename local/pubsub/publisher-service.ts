import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { unary } from '../grpc-server.ts';
import type { Broker } from './broker.ts';
import type { PublishedMessage } from './message.ts';
import { ofProject, type PageRequest, takePage } from './page.ts';
import { given } from './refusals.ts';
import type { RequestedTopic } from './topic-settings.ts';
import type { UpdateMask } from './update-mask.ts';

interface UpdateTopicRequest {
  readonly topic: RequestedTopic | null;
  readonly updateMask: UpdateMask;
}

/** google.pubsub.v1.Publisher over a broker. */
export function publisherHandlers(broker: Broker): UntypedServiceImplementation {
  return {
    createTopic: unary((request: RequestedTopic) => broker.createTopic(request).resource),
    getTopic: unary((request: { topic: string }) => broker.topic(request.topic).resource),
    updateTopic: unary(
      ({ topic, updateMask }: UpdateTopicRequest) => broker.updateTopic(given(topic, 'topic'), updateMask).resource,
    ),
    deleteTopic: unary((request: { topic: string }) => {
      broker.deleteTopic(request.topic);
      return {};
    }),
    publish: unary((request: { topic: string; messages: readonly PublishedMessage[] }) => ({
      messageIds: broker.publish(request.topic, request.messages),
    })),
    listTopics: unary((request: PageRequest & { project: string }) => {
      const { items, nextPageToken } = takePage(ofProject(request.project, broker.topics), request);
      return { topics: items.map(({ resource }) => resource), nextPageToken };
    }),
    listTopicSubscriptions: unary((request: PageRequest & { topic: string }) => {
      const { subscriptions } = broker.topic(request.topic);
      const byName = [...subscriptions].map(({ resource }) => [resource.name, resource.name] as const);
      const { items, nextPageToken } = takePage(byName, request);
      return { subscriptions: items, nextPageToken };
    }),
    listTopicSnapshots: unary((request: PageRequest & { topic: string }) => {
      const topic = broker.topic(request.topic);
      const ofTopic = [...broker.snapshots.all()].filter(([, snapshot]) => snapshot.topic === topic);
      const { items, nextPageToken } = takePage(ofTopic, request);
      return { snapshots: items.map(({ resource }) => resource.name), nextPageToken };
    }),
    detachSubscription: unary((request: { subscription: string }) => {
      broker.detachSubscription(request.subscription);
      return {};
    }),
  };
}
