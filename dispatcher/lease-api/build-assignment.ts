import type { Assignment } from '../../execution/lease-protocol.ts';
import { completeLimits } from '../../execution/limits.ts';
import type { RunningExecution, SessionRecord } from '../../execution/records.ts';
import { objectsOf } from '../find-rejection.ts';

/** The assignment of a granted claim, but for its key and its signed URLs, which are effects of their own. */
export function buildAssignment(
  execution: RunningExecution,
  session: SessionRecord,
): Omit<Assignment, 'signingKey' | 'reads'> {
  const { executionId, sessionId, tenantId, request, limits, acceptedAt, launch, startFrom } = execution;
  return {
    executionId,
    sessionId,
    tenantId,
    generation: launch.generation,
    request,
    limits: completeLimits(limits),
    checkpoint: startFrom === undefined ? session.head : startFrom,
    nextCheckpoint: session.lastCheckpoint + 1,
    acceptedAt,
    launchedAt: launch.launchedAt,
  };
}

/** The objects that the executor reads first. */
export function firstReads({ request, checkpoint }: Pick<Assignment, 'request' | 'checkpoint'>): readonly string[] {
  const ofRequest = request.kind === 'object' ? [request.ref] : objectsOf(request.request);
  const ofCheckpoint =
    checkpoint === null ? [] : [checkpoint.manifest, checkpoint.state, checkpoint.tmp].filter((ref) => ref != null);
  return [...ofRequest, ...ofCheckpoint].map(({ object }) => object);
}
