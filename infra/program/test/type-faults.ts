import * as gcp from '@pulumi/gcp';

type Container = gcp.types.input.cloudrunv2.JobTemplateTemplateContainer;

/*
 * Faults that the types of the provider must catch. The compiler complains of a line that expects an error and has none, so
 * `tsc` is the test of these; nothing runs them.
 */
export const typeFaults: readonly (() => unknown)[] = [
  // @ts-expect-error an argument that is misspelt
  () => new gcp.pubsub.Topic('t', { nmae: 'exec-requests' }),
  // @ts-expect-error an argument that is misspelt, further down
  () => new gcp.pubsub.Subscription('s', { topic: 't', retryPolicy: { minimumBackof: '1s' } }),
  // @ts-expect-error a text for a number
  () => new gcp.pubsub.Subscription('s', { topic: 't', ackDeadlineSeconds: '60' }),
  // @ts-expect-error a required argument that is missing
  () => new gcp.pubsub.Subscription('s', { ackDeadlineSeconds: 60 }),
  // @ts-expect-error an argument of another resource
  () => new gcp.storage.Bucket('b', { location: 'europe-west1', ackDeadlineSeconds: 60 }),
  // @ts-expect-error a list for an object
  () => new gcp.storage.Bucket('b', { location: 'europe-west1', softDeletePolicy: [{ retentionDurationSeconds: 0 }] }),
  // @ts-expect-error the launcher of sandboxes, which the provider knows of services and not of jobs
  (): Container => ({ image: 'i', sandboxLauncher: true }),
];
