import { parseMessage } from '../../../schemas/parse-message.ts';
import { alerts, logMetrics } from '../../alerts.ts';
import { accounts, emailOf, readerOf, urlOf } from '../../components.ts';
import { sweepSchedule } from '../../schedule.ts';
import { type SubscriptionSpec, subscriptions, topics } from '../../topology.ts';
import { jobEnds } from '../../watchdog.ts';
import { type Check, differences, unless } from './check.ts';
import { at, list, ofType, text } from './find-inputs.ts';

/** Recorded topics are referred to by the ids that the recorder gave them. */
const topicId = (name: string) => `${name}-id`;
const all = Object.entries(subscriptions) as readonly (readonly [string, SubscriptionSpec])[];

export const messageChecks: readonly Check[] = [
  {
    name: 'topics and subscriptions are those of the topology',
    problemsOf(recorded, { delivery }) {
      const watchdog = delivery === 'push' ? [jobEnds] : [];
      const topicNames = ofType(recorded, 'pubsub/topic:Topic').map(({ inputs }) => text(inputs, 'name'));
      const names = ofType(recorded, 'pubsub/subscription:Subscription').map(({ inputs }) => text(inputs, 'name'));
      return [
        ...differences('topics', topicNames, [...Object.values(topics), ...watchdog.map(({ topic }) => topic)]),
        ...differences('subscriptions', names, [
          ...all.map(([, { name }]) => name),
          ...watchdog.map(({ subscription }) => subscription),
        ]),
      ];
    },
  },
  {
    name: 'each subscription has the deadlines, the order and the retries of the topology',
    problemsOf(recorded) {
      return all.flatMap(([, spec]) => {
        const found = ofType(recorded, 'pubsub/subscription:Subscription').find(({ name }) => name === spec.name);
        const is = (path: string, wanted: unknown) =>
          unless(at(found?.inputs, path) === wanted, `${spec.name}: ${path} is not ${String(wanted)}`);
        return [
          ...is('topic', topicId(spec.topic)),
          ...is('ackDeadlineSeconds', spec.ackDeadlineSeconds),
          ...is('enableMessageOrdering', spec.enableMessageOrdering),
          ...is('retryPolicy.minimumBackoff', `${spec.retry.minimumSeconds}s`),
          ...is('retryPolicy.maximumBackoff', `${spec.retry.maximumSeconds}s`),
          ...is('deadLetterPolicy.maxDeliveryAttempts', spec.deadLetter?.maxDeliveryAttempts),
          ...is('deadLetterPolicy.deadLetterTopic', spec.deadLetter ? topicId(spec.deadLetter.topic) : undefined),
        ];
      });
    },
  },
  {
    name: 'each subscription lasts, and loses nothing: it has dead letters that somebody reads, or is where they are read',
    problemsOf(recorded) {
      const found = ofType(recorded, 'pubsub/subscription:Subscription');
      const readTopics = found.map(({ inputs }) => text(inputs, 'topic'));
      const ends = [topics.requestsDeadLetter, topics.resultsDeadLetter].map(topicId);
      return found.flatMap(({ name, inputs }) => {
        const deadLetterTopic = text(inputs, 'deadLetterPolicy.deadLetterTopic');
        const isEnd = ends.includes(text(inputs, 'topic'));
        return [
          ...unless(at(inputs, 'expirationPolicy.ttl') === '', `${name} expires`),
          ...unless(at(inputs, 'retryPolicy') !== undefined, `${name} has no retry policy`),
          ...unless(
            text(inputs, 'messageRetentionDuration') === '604800s',
            `${name} keeps messages for less than a week`,
          ),
          ...unless(isEnd || ends.includes(deadLetterTopic), `${name} has no dead letters`),
          ...unless(isEnd || readTopics.includes(deadLetterTopic), `nobody reads the dead letters of ${name}`),
        ];
      });
    },
  },
  {
    name: 'each subscription is pushed to the path of its own handler, with a token for that service',
    problemsOf(recorded, deployment) {
      const found = ofType(recorded, 'pubsub/subscription:Subscription');
      if (deployment.delivery === 'pull') {
        return found.flatMap(({ name, inputs }) => unless(at(inputs, 'pushConfig') === undefined, `${name} is pushed`));
      }
      return found.flatMap(({ name, inputs }) => {
        const [key = ''] = all.find(([, spec]) => spec.name === name) ?? ['collectorJobEnds'];
        const url = urlOf(readerOf(key), deployment);
        const path = name === jobEnds.subscription ? jobEnds.handledAs : name;
        return [
          ...unless(text(inputs, 'pushConfig.pushEndpoint') === `${url}/push/${path}`, `${name} is pushed elsewhere`),
          ...unless(text(inputs, 'pushConfig.oidcToken.audience') === url, `${name}: a token for another audience`),
          ...unless(
            text(inputs, 'pushConfig.oidcToken.serviceAccountEmail') === emailOf('pusher', deployment),
            `${name}: a token of another account`,
          ),
        ];
      });
    },
  },
  {
    name: 'each subscription and each topic of dead letters has its alerts',
    problemsOf(recorded) {
      const filters = ofType(recorded, 'monitoring/alertPolicy:AlertPolicy').map(({ inputs }) =>
        text(inputs, 'conditions.0.conditionThreshold.filter'),
      );
      const alerted = (metric: string, label: string) =>
        filters.some((filter) => filter.includes(`/${metric}"`) && filter.includes(label));
      const found = ofType(recorded, 'pubsub/subscription:Subscription');
      return [
        ...found.flatMap(({ name, inputs }) => [
          ...unless(
            alerted('oldest_unacked_message_age', `subscription_id="${name}"`),
            `no alert tells that ${name} is not read`,
          ),
          ...unless(
            at(inputs, 'deadLetterPolicy') === undefined ||
              alerted('dead_letter_message_count', `subscription_id="${name}"`),
            `no alert tells that messages of ${name} are given up`,
          ),
        ]),
        ...[topics.requestsDeadLetter, topics.resultsDeadLetter].flatMap((topic) =>
          unless(alerted('send_message_operation_count', `topic_id="${topic}"`), `no alert tells of ${topic}`),
        ),
      ];
    },
  },
  {
    name: 'alerts are those of the table, go to whoever is to be told, and look at metrics that exist',
    problemsOf(recorded, { alertEmail }) {
      const policies = ofType(recorded, 'monitoring/alertPolicy:AlertPolicy');
      const metrics = ofType(recorded, 'logging/metric:Metric').map(({ inputs }) => text(inputs, 'name'));
      const channels = alertEmail === null ? 0 : 1;
      return [
        ...differences(
          'alerts',
          policies.map(({ name }) => name),
          alerts.map(({ name }) => name),
        ),
        ...differences(
          'log metrics',
          metrics,
          Object.values(logMetrics).map(({ name }) => name),
        ),
        ...policies.flatMap(({ name, inputs }) => {
          const condition = at(inputs, 'conditions.0.conditionThreshold');
          const [, user] = /logging\.googleapis\.com\/user\/([\w-]+)/.exec(text(condition, 'filter')) ?? [];
          const wanted = alerts.find((alert) => alert.name === name);
          return [
            ...unless(user === undefined || metrics.includes(user), `${name} looks at ${user}, which is not there`),
            ...unless(list(inputs, 'notificationChannels').length === channels, `${name} tells nobody`),
            ...unless(at(condition, 'thresholdValue') === wanted?.threshold, `${name} has another threshold`),
            ...unless(text(condition, 'comparison') === 'COMPARISON_GT', `${name} compares the wrong way`),
          ];
        }),
      ];
    },
  },
  {
    name: 'the schedule publishes each minute what the sweeper reads',
    problemsOf(recorded) {
      const jobs = ofType(recorded, 'cloudscheduler/job:Job').filter(
        ({ inputs }) => at(inputs, 'pubsubTarget') !== undefined,
      );
      return [
        ...unless(jobs.length === 1, 'there is not exactly one schedule'),
        ...jobs.flatMap(({ inputs }) => {
          const data = Buffer.from(text(inputs, 'pubsubTarget.data'), 'base64');
          return [
            ...unless(text(inputs, 'pubsubTarget.topicName') === topicId(topics.sweep), 'it publishes elsewhere'),
            ...unless(parseMessage('sweep.v1', data, {}).ok, 'the sweeper cannot read its message'),
            ...unless(text(inputs, 'schedule') === sweepSchedule.cron, 'it has another rhythm'),
          ];
        }),
      ];
    },
  },
  {
    name: 'failed jobs ask for a sweep that the sweeper can read',
    problemsOf(recorded, { delivery }) {
      const sinks = ofType(recorded, 'logging/projectSink:ProjectSink');
      if (delivery === 'pull') return unless(sinks.length === 0, 'there is a sink that nobody reads');
      const { transform } = jobEnds;
      const udf = at(
        ofType(recorded, 'pubsub/subscription:Subscription').find(({ name }) => name === jobEnds.subscription)?.inputs,
        'messageTransforms.0.javascriptUdf',
      );
      const turn = new Function(`${text(udf, 'code')}; return ${transform.functionName};`)() as (m: unknown) => object;
      const { data } = turn({ data: '{"logName":"x"}', attributes: {} }) as { readonly data: string };
      return [
        ...unless(
          sinks.length === 1 && text(sinks[0]?.inputs, 'uniqueWriterIdentity') === 'true',
          'no sink of its own',
        ),
        ...sinks.flatMap(({ inputs }) => [
          ...unless(text(inputs, 'destination').endsWith(topicId(jobEnds.topic)), 'the sink writes elsewhere'),
          ...unless(text(inputs, 'filter').includes('severity>=ERROR'), 'the sink tells of every job'),
        ]),
        ...unless(parseMessage('sweep.v1', Buffer.from(data), {}).ok, 'the sweeper cannot read what it becomes'),
        ...unless(jobEnds.handledAs === subscriptions.collectorSweep.name, 'its path has no handler'),
      ];
    },
  },
  {
    name: 'accounts are one for each component, and none has a key',
    problemsOf(recorded) {
      const ids = ofType(recorded, 'serviceaccount/account:Account').map(({ inputs }) => text(inputs, 'accountId'));
      return [
        ...differences('accounts', ids, Object.values(accounts)),
        ...unless(ofType(recorded, 'serviceaccount/key:Key').length === 0, 'an account has a key'),
      ];
    },
  },
];
