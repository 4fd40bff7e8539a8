import * as gcp from '@pulumi/gcp';
import type { Output, Resource } from '@pulumi/pulumi';
import { logMetrics } from '../alerts.ts';
import { emailOf, urlOf } from '../components.ts';
import { topics } from '../topology.ts';
import { jobEnds } from '../watchdog.ts';
import { type Context, inGroup } from './context.ts';
import type { Topics } from './pubsub.ts';

/** Has Cloud Run's own account of failed jobs published; resolves to the member that publishes it. `null` where services pull. */
export function createJobEndSink(made: Topics, context: Context): Output<string> | null {
  const topic = made.get(jobEnds.topic);
  if (topic === undefined) return null;
  const sink = new gcp.logging.ProjectSink(
    'sandbus-job-ends',
    {
      name: 'sandbus-job-ends',
      destination: topic.id.apply((id) => `pubsub.googleapis.com/${id}`),
      filter: logMetrics.failedJobs.filter,
      uniqueWriterIdentity: true,
    },
    inGroup('watchdog', context),
  );
  return sink.writerIdentity;
}

/** Has a failed job looked at by the sweeper, as a message that the sweeper knows. */
export function createJobEndSubscription(
  made: Topics,
  after: readonly Resource[],
  context: Context,
): gcp.pubsub.Subscription | null {
  const topic = made.get(jobEnds.topic);
  if (topic === undefined) return null;
  const { subscription: name, maxDeliveryAttempts, transform, handledAs } = jobEnds;
  const url = urlOf('result-collector', context.deployment);
  return new gcp.pubsub.Subscription(
    name,
    {
      name,
      topic: topic.id,
      ackDeadlineSeconds: 60,
      messageRetentionDuration: '604800s',
      expirationPolicy: { ttl: '' },
      retryPolicy: { minimumBackoff: '10s', maximumBackoff: '60s' },
      deadLetterPolicy: { deadLetterTopic: made.get(topics.resultsDeadLetter)?.id ?? '', maxDeliveryAttempts },
      messageTransforms: [{ javascriptUdf: transform }],
      pushConfig: {
        pushEndpoint: `${url}/push/${handledAs}`,
        oidcToken: { serviceAccountEmail: emailOf('pusher', context.deployment), audience: url },
      },
    },
    inGroup('watchdog-subscription', { after: [...context.after, ...after] }),
  );
}
