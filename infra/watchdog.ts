/**
 * Cloud Run's own account of jobs that failed, which asks for a sweep. It is no message of this project: the subscription
 * turns it into a `sweep.v1` before it is pushed. Only where nothing pulls: who pulls also sweeps by itself.
 */
export const jobEnds = {
  topic: 'exec-job-ends',
  subscription: 'exec-job-ends-sweep',
  /** Whose handler gets it: the name is the path that it is pushed to. */
  handledAs: 'exec-sweep-collector',
  maxDeliveryAttempts: 5,
  transform: {
    functionName: 'toSweep',
    code: "function toSweep(message, metadata) { return { data: '{}', attributes: {} }; }",
  },
} as const;
