import { type SubscriptionSpec, subscriptions, type TopicName, topics } from './topology.ts';

/** Who publishes of its own accord. `google` is what Google's own agents send: the schedule, and what is given up. */
export type Publisher = 'client' | 'executor' | 'dispatcher' | 'result-collector' | 'dead-letter' | 'google';

/**
 * Who publishes on each topic, and what. Rights to publish follow from it, so a topic without a row, or a service that
 * publishes where it has none, is a failure of the types or of a test and not one of the first deployment.
 */
export const publications = {
  [topics.requests]: { client: 'asks for it' },
  [topics.control]: { client: 'asks for it' },
  [topics.files]: { client: 'asks for it' },
  [topics.replays]: { client: 'asks for it' },
  [topics.sweep]: { client: 'asks for it', google: 'the schedule' },
  [topics.webhookRequests]: { client: 'asks for it' },
  [topics.results]: {
    executor: 'completion events',
    dispatcher: 'ends that no executor speaks for',
    'result-collector': 'ends of silent executors',
    'dead-letter': 'ends of requests that were given up',
  },
  [topics.output]: { executor: 'live output' },
  [topics.wakeups]: { dispatcher: 'turns', 'result-collector': 'the next execution of a session' },
  [topics.notifications]: { 'result-collector': 'ends that are stored' },
  [topics.webhooks]: { 'result-collector': 'one message for each webhook' },
  [topics.requestsDeadLetter]: {
    dispatcher: 'what it cannot read',
    'dead-letter': 'replays that it cannot read',
    google: 'forwards what is given up',
  },
  [topics.resultsDeadLetter]: { 'result-collector': 'what it cannot read', google: 'forwards what is given up' },
} as const satisfies Readonly<Record<TopicName, Partial<Readonly<Record<Publisher, string>>>>>;

const specs: readonly SubscriptionSpec[] = Object.values(subscriptions);

/** What can become a dead letter, and so be replayed: the dead-letter service publishes on each. */
export const replayedTopics: readonly TopicName[] = [
  ...new Set(specs.filter(({ deadLetter }) => deadLetter !== null).map(({ topic }) => topic)),
];

/** Topics of which the deployment reads nothing: whoever wants to hear makes a subscription. */
export const heardTopics: readonly TopicName[] = Object.values(topics).filter(
  (topic) => !specs.some((spec) => spec.topic === topic),
);

/** Each topic on which `publisher` publishes, with what it publishes there. */
export function publishedBy(publisher: Publisher): readonly (readonly [TopicName, string])[] {
  const own = (Object.entries(publications) as [TopicName, Partial<Record<Publisher, string>>][]).flatMap(
    ([topic, { [publisher]: what }]) => (what === undefined ? [] : [[topic, what] as const]),
  );
  if (publisher !== 'dead-letter') return own;
  return [
    ...replayedTopics.map((topic) => {
      const [, besides] = own.find(([name]) => name === topic) ?? [];
      return [topic, besides === undefined ? 'replays' : `replays, and ${besides}`] as const;
    }),
    ...own.filter(([topic]) => !replayedTopics.includes(topic)),
  ];
}
