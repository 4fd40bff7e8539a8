/** Where things lie in the bucket. What is named by its hash is written once and never changed. */
export const objectNames = {
  pack: (sessionId: string, sha256: string) => `sessions/${sessionId}/packs/${sha256}`,
  manifest: (sessionId: string, sha256: string) => `sessions/${sessionId}/manifests/${sha256}`,
  shellState: (sessionId: string, sha256: string) => `sessions/${sessionId}/states/${sha256}`,
  request: (executionId: string, digest: string) => `executions/${executionId}/request-${digest}.json`,
  output: (executionId: string, generation: number, stream: 'stdout' | 'stderr') =>
    `executions/${executionId}/g${generation}/${stream}`,
  /** A file that a launch collected. Those with the same bytes are one object. */
  collected: (executionId: string, generation: number, sha256: string) =>
    `executions/${executionId}/g${generation}/outputs/${sha256}`,
  /** What a launch was asked for of its session's files. */
  answer: (executionId: string, generation: number, name: string) =>
    `executions/${executionId}/g${generation}/files/${name}`,
  deadLetter: (deadLetterId: string) => `dead-letters/${deadLetterId}`,
  upload: (randomId: string) => `uploads/${randomId}`,
} as const;

/**
 * Whether a holder of the lease may read an object: its session's, its execution's, what publishers uploaded, and the
 * checkpoints of the sessions that its session was forked from.
 */
export const mayRead = (
  object: string,
  ids: { readonly sessionId: string; readonly executionId: string; readonly ancestors?: readonly string[] },
): boolean =>
  isClean(object) &&
  [
    ...[`sessions/${ids.sessionId}/`, `executions/${ids.executionId}/`, 'uploads/'],
    ...(ids.ancestors ?? []).flatMap(checkpointPrefixes),
  ].some((prefix) => object.startsWith(prefix));

/** Whether a holder of the lease may write an object: its session's checkpoint parts and its launch's output. */
export const mayWrite = (
  object: string,
  ids: { readonly sessionId: string; readonly executionId: string; readonly generation: number },
): boolean =>
  isClean(object) &&
  [...checkpointPrefixes(ids.sessionId), `executions/${ids.executionId}/g${ids.generation}/`].some((prefix) =>
    object.startsWith(prefix),
  );

/** Whether an object is a part of a checkpoint of the session, or of those that it was forked from. */
export const isOfCheckpoints = (object: string, sessionIds: readonly string[]): boolean =>
  isClean(object) && sessionIds.flatMap(checkpointPrefixes).some((prefix) => object.startsWith(prefix));

/** Whether an object is something that a launch of this execution stored. */
export const isOfExecution = (object: string, executionId: string): boolean =>
  isClean(object) && object.startsWith(`executions/${executionId}/`);

/** Whether it is what a publisher uploaded: the only thing that a message may point to. */
export const isUpload = (object: string): boolean => isClean(object) && object.startsWith('uploads/');

/** Below which the parts of a session's checkpoints lie. */
const checkpointPrefixes = (sessionId: string): readonly string[] =>
  ['packs', 'manifests', 'states'].map((part) => `sessions/${sessionId}/${part}/`);

const isClean = (object: string) => /^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(object) && !object.split('/').includes('..');
