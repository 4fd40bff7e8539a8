import type { ServerDuplexStream, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Clock } from '../clock.ts';
import { unary } from '../grpc-server.ts';
import type { Broker } from './broker.ts';
import { takePage } from './page.ts';
import { namesUnder } from './publisher-service.ts';
import { invalidArgument } from './refusals.ts';
import { parseProjectName } from './resource-name.ts';
import { checkModifiedDeadline, pullable, type StreamingPullRequest, serveStreamingPull } from './streaming-pull.ts';
import type { AckReport } from './subscription.ts';
import type { RequestedSubscription } from './subscription-settings.ts';
import { type PullRequest, type PullResponse, pull } from './unary-pull.ts';

/** google.pubsub.v1.Subscriber over a broker. */
export function subscriberHandlers(broker: Broker, clock: Clock): UntypedServiceImplementation {
  return {
    createSubscription: unary((request: RequestedSubscription) => broker.createSubscription(request)),
    getSubscription: unary((request: { subscription: string }) => broker.subscription(request.subscription).resource),
    deleteSubscription: unary((request: { subscription: string }) => {
      broker.deleteSubscription(request.subscription);
      return {};
    }),
    listSubscriptions: unary((request: { project: string; pageSize: number; pageToken: string }) => {
      const prefix = `projects/${parseProjectName(request.project)}/`;
      const { items, nextPageToken } = takePage(
        namesUnder(prefix, broker.subscriptions, ({ resource }) => resource),
        request,
      );
      return { subscriptions: items, nextPageToken };
    }),
    pull: unary<PullRequest, PullResponse>((request, call) =>
      pull(pullable(broker.subscription(request.subscription)), call, clock),
    ),
    acknowledge: unary((request: { subscription: string; ackIds: readonly string[] }) => {
      const subscription = broker.subscription(request.subscription);
      answerAckReport(subscription.acknowledge(request.ackIds));
      return {};
    }),
    modifyAckDeadline: unary(
      (request: { subscription: string; ackIds: readonly string[]; ackDeadlineSeconds: number }) => {
        checkModifiedDeadline(request.ackDeadlineSeconds, 'ack_deadline_seconds');
        const subscription = broker.subscription(request.subscription);
        answerAckReport(subscription.modifyAckDeadline(request.ackIds, request.ackDeadlineSeconds));
        return {};
      },
    ),
    streamingPull: (call: ServerDuplexStream<StreamingPullRequest, object>) => serveStreamingPull(broker, call),
  };
}

function answerAckReport({ malformed }: AckReport): void {
  const [first] = malformed;
  if (first !== undefined) throw invalidArgument(`Invalid ack_ids: "${first}" is not an ack id of this subscription.`);
}
