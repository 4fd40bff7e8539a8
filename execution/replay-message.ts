import type { ExecRequest, ReplayRequest } from '../schemas/generated/messages.ts';
import { checkMessage } from '../schemas/parse-message.ts';
import type { ErrorCode } from './error-codes.ts';
import { fieldsOf } from './identify-message.ts';
import type { DeadLetterRecord } from './records.ts';

/** What a replay publishes follows from these alone, so whoever has them can tell it beforehand. */
export interface ReplayMessageFacts {
  readonly request: ReplayRequest;
  readonly record: Pick<DeadLetterRecord, 'source' | 'attributes' | 'executionId' | 'sessionId' | 'startCheckpoint'>;
  /** The original bytes of the message. */
  readonly data: Uint8Array;
  /** Whether an execution of this id was accepted; asked for `wantedExecutionId`. */
  readonly isAccepted: (executionId: string) => boolean;
  /** SHA-256 in hexadecimal. */
  readonly digest: (text: string) => string;
  /** Topic whose messages are exec-requests. */
  readonly requestsTopic: string;
}

export type ReplayMessage =
  /** A request, edited and linked to what it repeats. */
  | { readonly kind: 'request'; readonly message: ExecRequest }
  /** Any other message, as it was: only the stage that failed is repeated. */
  | {
      readonly kind: 'again';
      readonly topic: string;
      readonly executionId: string | null;
      /** As they were, and how many replays in a row there are by now. */
      readonly attributes: Readonly<Record<string, string>>;
    }
  /** `message` is what the schema refuses, as far as there is one. */
  | {
      readonly kind: 'invalid';
      readonly code: Extract<ErrorCode, `replay/${string}`>;
      readonly why: string;
      readonly message?: Readonly<Record<string, unknown>>;
    };

/** The message that a replay publishes. `executionId` is the one that an earlier delivery of the replay gave it. */
export function replayMessage(facts: ReplayMessageFacts, executionId?: string | null): ReplayMessage {
  const { request, record, data, requestsTopic } = facts;
  const { topic } = record.source;
  if (topic !== requestsTopic) {
    if (request.set !== undefined || !isCurrent(request)) {
      return invalid('replay/invalid-edit', `a message of ${topic} is replayed as it is`);
    }
    const attributes = { ...record.attributes, [depthAttribute]: String(replayDepth(record, data, requestsTopic) + 1) };
    return { kind: 'again', topic, executionId: record.executionId ?? null, attributes };
  }
  const message = edited(facts, executionId ?? replayedId(facts));
  const problem = isCurrent(request) ? null : problemOfMode(message, facts);
  if (problem !== null) return problem;
  const checked = checkMessage('exec-request.v1', message);
  return checked.ok
    ? { kind: 'request', message: checked.message }
    : { ...invalid('replay/invalid-edit', checked.problems.join('; ')), message };
}

const isCurrent = ({ mode = 'current' }: ReplayRequest): boolean => mode === 'current';

type Invalid = Extract<ReplayMessage, { kind: 'invalid' }>;
const invalid = (code: Invalid['code'], why: string): Invalid => ({ kind: 'invalid', code, why });

/** Why a request cannot start from its own checkpoint; null when it can. */
function problemOfMode(
  { checkpoint, sessionId }: Readonly<Record<string, unknown>>,
  { request, record }: ReplayMessageFacts,
): Invalid | null {
  const { mode, set } = request;
  if (set?.checkpoint !== undefined || set?.checkpointOf !== undefined) {
    return invalid('replay/invalid-edit', `mode ${mode} and an edit of the checkpoint contradict each other`);
  }
  if (checkpoint === undefined) {
    return invalid('replay/no-checkpoint', 'the dead letter does not tell which checkpoint it would have started from');
  }
  if ((mode === 'original') === (sessionId === record.sessionId)) return null;
  if (mode === 'fork') return invalid('replay/invalid-edit', `mode fork needs another session than ${sessionId}`);
  return invalid('replay/invalid-edit', `mode original needs the session as it was: ${record.sessionId}`);
}

/** The id that the edits, the message or the dead letter give; null when none does, and any value that is given. */
export const wantedExecutionId = ({
  request,
  record,
  data,
}: Pick<ReplayMessageFacts, 'request' | 'record' | 'data'>): unknown =>
  request.set?.executionId ?? fieldsOf(data).executionId ?? record.executionId ?? null;

/** What the schema lets an execution id have. */
const maxIdCharacters = 128;

/** 80 bits: of no two replays alike, whichever dead letters they are of. */
const suffixCharacters = 20;

/**
 * A request that never was accepted keeps its id, so its publisher gets the answer it waits for. Else the new id
 * follows from the dead letter and the replay: the same for the same replay, and another one for every other.
 */
function replayedId(facts: ReplayMessageFacts): unknown {
  const { deadLetterId, replayId } = facts.request;
  const suffix = `r-${facts.digest(JSON.stringify([deadLetterId, replayId])).slice(0, suffixCharacters)}`;
  const id = wantedExecutionId(facts);
  if (id === null) return suffix;
  if (typeof id !== 'string' || !facts.isAccepted(id)) return id;
  return `${id.slice(0, maxIdCharacters - suffix.length - 1)}.${suffix}`;
}

/** The message with its edits: null removes a field. What is not a JSON object is built from the edits alone. */
function edited(facts: ReplayMessageFacts, executionId: unknown): Readonly<Record<string, unknown>> {
  const { record, request, data } = facts;
  const { deadLetterId, reason } = request;
  const merged = { ...fieldsOf(data), ...startOf(facts), ...request.set, executionId };
  const kept = Object.entries(merged).filter(([, value]) => value !== null);
  const depth = depthOfRequest(data) + 1;
  const replayOf = { executionId: record.executionId ?? null, deadLetterId, reason };
  return { ...Object.fromEntries(kept), replayOf: depth === 1 ? replayOf : { ...replayOf, depth } };
}

/** What the mode sets: a fork is a session of its own, whose name follows from the dead letter and the replay. */
function startOf({ request, record, data, digest }: ReplayMessageFacts): Readonly<Record<string, unknown>> {
  const { mode, deadLetterId, replayId } = request;
  const { sessionId, startCheckpoint: checkpoint = null } = record;
  if (isCurrent(request)) return {};
  if (mode === 'original' || !sessionId) return { checkpoint };
  const suffix = `f-${digest(JSON.stringify([deadLetterId, replayId])).slice(0, suffixCharacters)}`;
  const fork = `${sessionId.slice(0, maxIdCharacters - suffix.length - 1)}.${suffix}`;
  // A request that was to fork a session itself starts where it would have.
  const { checkpointOf = sessionId } = fieldsOf(data);
  return { sessionId: fork, checkpoint, checkpointOf };
}

/** Of a message that cannot be edited: how many replays in a row led to it. */
const depthAttribute = 'replayDepth';

/** How many replays in a row led to a message that became a dead letter; 0 for one that nobody replayed. */
export function replayDepth(
  { source, attributes }: Pick<DeadLetterRecord, 'source' | 'attributes'>,
  data: Uint8Array,
  requestsTopic: string,
): number {
  if (source.topic === requestsTopic) return depthOfRequest(data);
  // A result names what its execution repeats, which is another matter.
  const depth = attributes[depthAttribute];
  return depth === undefined ? 0 : atLeastOne(Number(depth));
}

function depthOfRequest(data: Uint8Array): number {
  const { replayOf } = fieldsOf(data);
  if (replayOf === null || typeof replayOf !== 'object') return 0;
  return atLeastOne((replayOf as { readonly depth?: unknown }).depth);
}

/** What is marked as a replay is one, whatever the mark says. */
const atLeastOne = (depth: unknown): number =>
  typeof depth === 'number' && Number.isInteger(depth) && depth >= 1 ? depth : 1;
