import type { Clock } from '../clock.ts';
import type { Consumer, Delivery } from './consumer.ts';
import type { HttpPoster } from './http-post.ts';
import type { OidcSigner } from './oidc-signer.ts';
import { pushRequest } from './push-request.ts';
import { failedPrecondition } from './refusals.ts';
import { isPush, type PushConfig, type SubscriptionResource } from './resources.ts';
import type { Subscription } from './subscription.ts';

export interface PushDelivery {
  /** Starts, changes or stops pushing as the subscription's settings now say. */
  follow(subscription: Subscription): void;
}

export interface PushPorts {
  readonly clock: Clock;
  readonly poster: HttpPoster;
  readonly signer: OidcSigner;
  /** Requests that one subscription may have under way. */
  readonly maxInFlight: number;
}

export function createPushDelivery(ports: PushPorts): PushDelivery {
  const consumers = new WeakMap<Subscription, Consumer>();
  return {
    follow(subscription) {
      const pushes = isPush(subscription.resource);
      const running = consumers.get(subscription);
      if (!pushes && running !== undefined) {
        consumers.delete(subscription);
        subscription.detach(running);
      }
      if (pushes && running === undefined) {
        subscription.endConsumers(
          failedPrecondition(`Subscription is a push subscription: ${subscription.resource.name}.`),
        );
        const consumer = createPushConsumer(subscription, ports);
        consumers.set(subscription, consumer);
        subscription.attach(consumer);
      }
    },
  };
}

function createPushConsumer(subscription: Subscription, ports: PushPorts): Consumer {
  let inFlight = 0;
  let ended = false;
  /** One delivery from request to acknowledgement; the ack deadline is the time that the endpoint has. */
  const pushOne = async (delivery: Delivery): Promise<void> => {
    const { resource } = subscription;
    const timeout = new AbortController();
    const stopTimeout = ports.clock.after(resource.ackDeadlineSeconds * 1000, () => timeout.abort());
    const acknowledged = await post(delivery, resource, ports, timeout.signal).catch(() => false);
    stopTimeout();
    // What a closing server cuts off is no failure of the endpoint.
    if (ended) return;
    if (acknowledged) subscription.acknowledge([delivery.ackId]);
    else subscription.modifyAckDeadline([delivery.ackId], 0);
  };
  return {
    isConnection: false,
    takesBatches: false,
    get ackDeadlineMs() {
      return subscription.resource.ackDeadlineSeconds * 1000;
    },
    hasRoom: () => !ended && inFlight < ports.maxInFlight,
    leased() {
      inFlight += 1;
    },
    released() {
      inFlight -= 1;
    },
    send(deliveries) {
      for (const delivery of deliveries) void pushOne(delivery);
    },
    end() {
      ended = true;
    },
  };
}

async function post(
  delivery: Delivery,
  resource: SubscriptionResource,
  ports: PushPorts,
  signal: AbortSignal,
): Promise<boolean> {
  const { pushConfig } = resource;
  if (pushConfig === null) return false;
  const request = pushRequest(delivery, resource, pushConfig);
  const authorization = await authorizationOf(pushConfig, ports.signer);
  return ports.poster.post({ ...request, headers: { ...request.headers, ...authorization } }, signal);
}

async function authorizationOf(config: PushConfig, signer: OidcSigner): Promise<Record<string, string>> {
  if (config.oidcToken === undefined) return {};
  const { serviceAccountEmail, audience } = config.oidcToken;
  const token = await signer.token({
    email: serviceAccountEmail,
    audience: audience === '' ? config.pushEndpoint : audience,
  });
  return { authorization: `Bearer ${token}` };
}
