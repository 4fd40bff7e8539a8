import type { PubSub } from '@google-cloud/pubsub';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { SubscriptionSpec } from '../infra/topology.ts';
import { googleCall } from './google-error.ts';

/** What was found of a topic or a subscription, in words; `null` where it is as it should be. */
export interface ProbedThing {
  readonly kind: 'topic' | 'subscription';
  readonly name: string;
  readonly result: 'ok' | 'failed' | 'not-seen';
  readonly found: string;
}

/** Who looks may not be allowed to; that says nothing of the thing itself. */
async function look(
  kind: ProbedThing['kind'],
  name: string,
  read: () => Promise<readonly string[]>,
): Promise<ProbedThing> {
  try {
    const problems = await read();
    return { kind, name, result: problems.length === 0 ? 'ok' : 'failed', found: problems.join('; ') };
  } catch (error) {
    const { code, message } = PipelineError.from(error, 'google/failed');
    if (code === 'google/not-found') return { kind, name, result: 'failed', found: 'it is not there' };
    return { kind, name, result: 'not-seen', found: message };
  }
}

/** Compares the topics and subscriptions of a project with what they should be. Never rejects. */
export async function probeTopology(
  pubsub: PubSub,
  topics: readonly string[],
  subscriptions: readonly SubscriptionSpec[],
): Promise<readonly ProbedThing[]> {
  return await Promise.all([
    ...topics.map((name) =>
      look('topic', name, async () => {
        await googleCall(`look at the topic ${name}`, () => pubsub.topic(name).getMetadata());
        return [];
      }),
    ),
    ...subscriptions.map((spec) =>
      look('subscription', spec.name, async () => {
        const [found] = await googleCall(`look at the subscription ${spec.name}`, () =>
          pubsub.subscription(spec.name).getMetadata(),
        );
        const last = (path: string | null | undefined) => path?.split('/').at(-1) ?? 'none';
        const problem = (what: string, is: unknown, shouldBe: unknown) =>
          is === shouldBe ? [] : [`${what} is ${String(is)} and should be ${String(shouldBe)}`];
        return [
          ...problem('its topic', last(found.topic), spec.topic),
          ...problem('its ack deadline', found.ackDeadlineSeconds, spec.ackDeadlineSeconds),
          ...problem('its order', found.enableMessageOrdering ?? false, spec.enableMessageOrdering),
          ...problem(
            'where its dead letters go',
            last(found.deadLetterPolicy?.deadLetterTopic),
            spec.deadLetter?.topic ?? 'none',
          ),
          ...problem('whether it expires', found.expirationPolicy?.ttl != null, false),
          ...problem('whether it is detached', found.detached ?? false, false),
        ];
      }),
    ),
  ]);
}
