import { assertNever } from '../execution/assert-never.ts';
import { defaultLimits, resolveLimits } from '../execution/limits.ts';
import { owedEndOf } from '../execution/owed-end.ts';
import type {
  ExecutionBase,
  ExecutionRecord,
  Launch,
  RecordWrites,
  RejectedExecution,
  StoredRecords,
  StoredRequest,
} from '../execution/records.ts';
import type { ExecRequest, Outcome } from '../schemas/generated/messages.ts';

/** A message that Pub/Sub gave up on, as far as an execution hangs on it. */
export type GivenUpMessage =
  | {
      readonly kind: 'request';
      readonly request: ExecRequest;
      readonly requestDigest: string;
      /** The request as it will be kept, should it never have been accepted. */
      readonly storedRequest: StoredRequest;
    }
  | { readonly kind: 'wake-up'; readonly executionId: string; readonly sessionId: string };

export interface GivenUpFacts {
  readonly message: GivenUpMessage;
  readonly deadLetterId: string;
  readonly stored: StoredRecords;
  readonly now: number;
}

/** The completion event of this end is to be published. */
export interface GivenUpEnd {
  readonly kind: 'end';
  readonly execution: ExecutionBase;
  readonly launch: Launch | null;
  readonly outcome: Outcome;
  readonly endedAt: number;
  readonly writes?: RecordWrites;
}

export type GivenUpDecision = GivenUpEnd | { readonly kind: 'leave'; readonly why: string; readonly writes?: never };

/**
 * Decides whether an execution ends because a message about it was given up. From the stored records alone:
 *
 * - never accepted: it is stored as rejected, so that whoever waits for it has its end, and no later delivery runs it.
 * - rejected, or cancelled while it waited: its end is owed; it is published again.
 * - queued, and its turn has come: its wake-up was what was given up, so nothing will ever launch it. It ends.
 * - queued behind another: it will be woken when its turn comes.
 * - queued, and it waits for capacity: each round looks after it.
 * - launching or running, with a lease: it runs, or the sweeper finds the lease when its time is over.
 * - launching or running, without a lease: nobody can claim, renew or sweep it. It ends.
 * - finished, or accepted for another request: not this message's business.
 *
 * The event that ends a launch names it. Whatever is launched in the meantime has another one, and goes on.
 */
export function decideGivenUp(facts: GivenUpFacts): GivenUpDecision {
  const { message, stored } = facts;
  const { execution } = stored;
  if (execution === undefined) {
    return message.kind === 'request'
      ? reject(message, facts)
      : { kind: 'leave', why: 'it names an execution that was never accepted' };
  }
  if (!isAbout(message, execution)) return { kind: 'leave', why: 'another request has the same id' };
  const owed = owedEndOf(execution);
  if (owed !== null) return end(execution, null, owed.outcome, owed.owedAt);
  switch (execution.state) {
    case 'finished':
      return { kind: 'leave', why: 'it has ended' };
    case 'rejected': // answered above
      return { kind: 'leave', why: 'its end is owed' };
    case 'queued': {
      const hasTurn = stored.session?.active === execution.executionId;
      if (message.kind === 'request' || !hasTurn) return { kind: 'leave', why: 'it waits for its turn' };
      if (stored.session?.waiting?.executionId === execution.executionId) {
        return { kind: 'leave', why: 'rounds look after those that wait for capacity' };
      }
      // Stored, so that the event may get lost as well.
      const owedEnd = { outcome: execution.starts > 0 ? lost(facts) : neverStarted(facts), owedAt: facts.now };
      const ending = { ...execution, owedEnd };
      return { ...end(ending, null, owedEnd.outcome, owedEnd.owedAt), writes: { execution: ending } };
    }
    case 'launching':
    case 'running': {
      if (stored.lease !== undefined) return { kind: 'leave', why: 'its lease is looked after' };
      const mayHaveStarted = execution.state === 'running' || execution.starts > 0;
      return end(execution, execution.launch, mayHaveStarted ? lost(facts) : neverStarted(facts), facts.now);
    }
    default:
      return assertNever(execution);
  }
}

const isAbout = (message: GivenUpMessage, execution: ExecutionRecord): boolean =>
  message.kind === 'request'
    ? message.requestDigest === execution.requestDigest
    : message.sessionId === execution.sessionId;

const end = (execution: ExecutionBase, launch: Launch | null, outcome: Outcome, endedAt: number): GivenUpEnd => ({
  kind: 'end',
  execution,
  launch,
  outcome,
  endedAt,
});

const neverStarted = ({ deadLetterId }: GivenUpFacts): Outcome => ({
  kind: 'launch-failed',
  code: 'delivery/exhausted',
  message: `what was to launch it was given up: dead letter ${deadLetterId}`,
});

const lost = ({ deadLetterId }: GivenUpFacts): Outcome => ({
  kind: 'lost',
  evidence: `no lease is left, and a message about it was given up: dead letter ${deadLetterId}`.slice(0, 1024),
});

function reject(
  { request, requestDigest, storedRequest }: Extract<GivenUpMessage, { kind: 'request' }>,
  { deadLetterId, now }: GivenUpFacts,
): GivenUpDecision {
  const message = `every delivery of the request failed: dead letter ${deadLetterId}`;
  const execution: RejectedExecution = {
    executionId: request.executionId,
    sessionId: request.sessionId,
    tenantId: request.tenantId ?? 'default',
    seq: 0,
    requestDigest,
    request: storedRequest,
    maxGenerations: request.retry?.maxGenerations ?? 1,
    starts: 0,
    limits: resolveLimits(request, defaultLimits).limits,
    acceptedAt: now,
    ...(request.labels && { labels: request.labels }),
    ...(request.replayOf && { replayOf: request.replayOf }),
    state: 'rejected',
    code: 'request/undeliverable',
    message,
    owedEnd: { owedAt: now },
  };
  return {
    kind: 'end',
    execution,
    launch: null,
    outcome: { kind: 'rejected', code: execution.code, message },
    endedAt: now,
    writes: { execution },
  };
}
