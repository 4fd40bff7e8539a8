import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { unary } from '../grpc-server.ts';
import type { Broker } from './broker.ts';
import type { PublishedMessage } from './message.ts';
import { takePage } from './page.ts';
import { parseProjectName } from './resource-name.ts';
import type { TopicResource } from './resources.ts';
import type { RequestedTopic } from './topic-settings.ts';

interface ListRequest {
  readonly pageSize: number;
  readonly pageToken: string;
}

/** google.pubsub.v1.Publisher over a broker. */
export function publisherHandlers(broker: Broker): UntypedServiceImplementation {
  return {
    createTopic: unary((request: RequestedTopic) => broker.createTopic(request)),
    getTopic: unary((request: { topic: string }) => broker.topic(request.topic).resource),
    deleteTopic: unary((request: { topic: string }) => {
      broker.deleteTopic(request.topic);
      return {};
    }),
    publish: unary((request: { topic: string; messages: readonly PublishedMessage[] }) => ({
      messageIds: broker.publish(request.topic, request.messages),
    })),
    listTopics: unary((request: ListRequest & { project: string }) => {
      const prefix = `projects/${parseProjectName(request.project)}/`;
      const { items, nextPageToken } = takePage(
        namesUnder(prefix, broker.topics, (topic): TopicResource => topic.resource),
        request,
      );
      return { topics: items, nextPageToken };
    }),
    listTopicSubscriptions: unary((request: ListRequest & { topic: string }) => {
      const names = [...broker.topic(request.topic).subscriptions].map(({ resource }) => resource.name);
      const { items, nextPageToken } = takePage(
        names.map((name) => [name, name] as const),
        request,
      );
      return { subscriptions: items, nextPageToken };
    }),
    detachSubscription: unary((request: { subscription: string }) => {
      broker.detachSubscription(request.subscription);
      return {};
    }),
  };
}

/** The entries of a project, each through `view`. */
export function namesUnder<T, V>(
  prefix: string,
  resources: ReadonlyMap<string, T>,
  view: (resource: T) => V,
): ReadonlyArray<readonly [string, V]> {
  return [...resources]
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, resource]) => [name, view(resource)] as const);
}
