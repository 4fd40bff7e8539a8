/** Where things lie in the bucket. What is named by its hash is written once and never changed. */
export const objectNames = {
  pack: (sessionId: string, sha256: string) => `sessions/${sessionId}/packs/${sha256}`,
  manifest: (sessionId: string, sha256: string) => `sessions/${sessionId}/manifests/${sha256}`,
  shellState: (sessionId: string, sha256: string) => `sessions/${sessionId}/states/${sha256}`,
  request: (executionId: string, digest: string) => `executions/${executionId}/request-${digest}.json`,
  output: (executionId: string, generation: number, stream: 'stdout' | 'stderr') =>
    `executions/${executionId}/g${generation}/${stream}`,
  deadLetter: (deadLetterId: string) => `dead-letters/${deadLetterId}`,
  upload: (randomId: string) => `uploads/${randomId}`,
} as const;

/** Whether a holder of the lease may read an object: its session's, its execution's, and what publishers uploaded. */
export const mayRead = (object: string, ids: { readonly sessionId: string; readonly executionId: string }): boolean =>
  isClean(object) &&
  [`sessions/${ids.sessionId}/`, `executions/${ids.executionId}/`, 'uploads/'].some((prefix) =>
    object.startsWith(prefix),
  );

/** Whether a holder of the lease may write an object: its session's checkpoint parts and its launch's output. */
export const mayWrite = (
  object: string,
  ids: { readonly sessionId: string; readonly executionId: string; readonly generation: number },
): boolean =>
  isClean(object) &&
  [
    `sessions/${ids.sessionId}/packs/`,
    `sessions/${ids.sessionId}/manifests/`,
    `sessions/${ids.sessionId}/states/`,
    `executions/${ids.executionId}/g${ids.generation}/`,
  ].some((prefix) => object.startsWith(prefix));

const isClean = (object: string) => /^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(object) && !object.split('/').includes('..');
