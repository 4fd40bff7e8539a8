import type { ServerDuplexStream, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Clock } from '../clock.ts';
import { unary } from '../grpc-server.ts';
import {
  type AcknowledgeRequest,
  acknowledge,
  type ModifyAckDeadlineRequest,
  modifyAckDeadline,
} from './ack-requests.ts';
import type { Broker } from './broker.ts';
import { ofProject, type PageRequest, takePage } from './page.ts';
import { given } from './refusals.ts';
import type { PushConfig } from './resources.ts';
import { type RequestedSnapshot, type SeekRequest, seek } from './snapshots.ts';
import { type StreamingPullRequest, serveStreamingPull } from './streaming-pull.ts';
import type { Subscription } from './subscription.ts';
import type { RequestedSubscription } from './subscription-settings.ts';
import { type PullRequest, type PullResponse, pull } from './unary-pull.ts';
import type { UpdateMask } from './update-mask.ts';

/** google.pubsub.v1.Subscriber over a broker. */
export function subscriberHandlers(broker: Broker, clock: Clock): UntypedServiceImplementation {
  return {
    ...subscriptionHandlers(broker),
    ...snapshotHandlers(broker),
    pull: unary<PullRequest, PullResponse>((request, call) =>
      pull(broker.subscription(request.subscription), call, clock),
    ),
    streamingPull: (call: ServerDuplexStream<StreamingPullRequest, object>) => serveStreamingPull(broker, call),
    acknowledge: unary((request: AcknowledgeRequest) => acknowledge(broker, request)),
    modifyAckDeadline: unary((request: ModifyAckDeadlineRequest) => modifyAckDeadline(broker, request)),
  };
}

function subscriptionHandlers(broker: Broker): UntypedServiceImplementation {
  return {
    createSubscription: unary((request: RequestedSubscription) => view(broker.createSubscription(request))),
    getSubscription: unary((request: { subscription: string }) => view(broker.subscription(request.subscription))),
    updateSubscription: unary((request: { subscription: RequestedSubscription | null; updateMask: UpdateMask }) =>
      view(broker.updateSubscription(given(request.subscription, 'subscription'), request.updateMask)),
    ),
    modifyPushConfig: unary((request: { subscription: string; pushConfig: PushConfig | null }) => {
      broker.modifyPushConfig(request.subscription, request.pushConfig);
      return {};
    }),
    deleteSubscription: unary((request: { subscription: string }) => {
      broker.deleteSubscription(request.subscription);
      return {};
    }),
    listSubscriptions: unary((request: PageRequest & { project: string }) => {
      const { items, nextPageToken } = takePage(ofProject(request.project, broker.subscriptions), request);
      return { subscriptions: items.map(view), nextPageToken };
    }),
  };
}

function snapshotHandlers(broker: Broker): UntypedServiceImplementation {
  return {
    createSnapshot: unary((request: { name: string; subscription: string; labels: Record<string, string> }) =>
      broker.createSnapshot(request),
    ),
    getSnapshot: unary((request: { snapshot: string }) => broker.snapshots.get(request.snapshot).resource),
    updateSnapshot: unary((request: { snapshot: RequestedSnapshot | null; updateMask: UpdateMask }) =>
      broker.snapshots.update(given(request.snapshot, 'snapshot'), request.updateMask),
    ),
    deleteSnapshot: unary((request: { snapshot: string }) => {
      broker.snapshots.delete(request.snapshot);
      return {};
    }),
    listSnapshots: unary((request: PageRequest & { project: string }) => {
      const { items, nextPageToken } = takePage(ofProject(request.project, broker.snapshots.all()), request);
      return { snapshots: items.map(({ resource }) => resource), nextPageToken };
    }),
    seek: unary((request: SeekRequest) => {
      seek(broker.snapshots, broker.subscription(request.subscription), request);
      return {};
    }),
  };
}

/** The resource as clients see it: with what the topic adds, and an empty push configuration instead of none. */
function view({ resource, topic }: Subscription): object {
  return {
    ...resource,
    pushConfig: resource.pushConfig ?? {},
    topicMessageRetentionDuration: topic.resource.messageRetentionDuration,
  };
}
