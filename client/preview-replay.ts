import { assertNever } from '../execution/assert-never.ts';
import type { ErrorCode } from '../execution/error-codes.ts';
import { describeRefusal, type ReplayRefusal } from '../execution/refuse-replay.ts';
import { type ReplayMessageFacts, replayMessage } from '../execution/replay-message.ts';

export interface ReplayPreview {
  /** The execution that the message would ask for; null where it would be refused or asks for none. */
  readonly executionId: string | null;
  /** The message with the edits; its text where it is not JSON. */
  readonly message: unknown;
  /** Why it would be refused again, as far as that can be told without trying; null when nothing speaks against it. */
  readonly refused: string | null;
  /** The code of the refusal; absent without one. */
  readonly refusedCode?: ErrorCode;
}

/**
 * Tells what a replay would publish. The service that replays decides; this only spares a try that cannot succeed. `refusal`
 * is what is known against the replay besides its message.
 */
export function previewReplay(facts: ReplayMessageFacts, refusal: ReplayRefusal | null = null): ReplayPreview {
  const replay = replayMessage(facts);
  const original = parseJson(facts.data);
  // Nothing was made of bytes that are no object, unless edits were.
  const isMade = facts.request.set !== undefined || isObject(original);
  const made = ('message' in replay && isMade ? replay.message : null) ?? original;
  if (refusal !== null) return refused(refusal, made);
  switch (replay.kind) {
    case 'request':
      return { executionId: replay.message.executionId, message: replay.message, refused: null };
    case 'again':
      return { executionId: replay.executionId, message: original, refused: null };
    case 'invalid':
      return refused(replay, made);
    default:
      return assertNever(replay);
  }
}

const refused = (refusal: ReplayRefusal, message: unknown): ReplayPreview => ({
  ...{ executionId: null, message },
  ...{ refused: describeRefusal(refusal), refusedCode: refusal.code },
});

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

function parseJson(data: Uint8Array): unknown {
  const text = Buffer.from(data).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
