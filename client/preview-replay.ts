import { assertNever } from '../execution/assert-never.ts';
import { type ReplayMessageFacts, replayMessage } from '../execution/replay-message.ts';

export interface ReplayPreview {
  /** The execution that the message would ask for; null where it would be refused or asks for none. */
  readonly executionId: string | null;
  /** The message with the edits; its text where it is not JSON. */
  readonly message: unknown;
  /** Why it would be refused again, as far as that can be told without trying; null when nothing speaks against it. */
  readonly refused: string | null;
}

/** Tells what a replay would publish. The service that replays decides; this only spares a try that cannot succeed. */
export function previewReplay(facts: ReplayMessageFacts): ReplayPreview {
  const replay = replayMessage(facts);
  const original = parseJson(facts.data);
  switch (replay.kind) {
    case 'request':
      return { executionId: replay.message.executionId, message: replay.message, refused: null };
    case 'again':
      return { executionId: replay.executionId, message: original, refused: null };
    case 'invalid': {
      // Nothing was made of bytes that are no object, unless edits were.
      const isMade = facts.request.set !== undefined || isObject(original);
      return { executionId: null, message: (isMade ? replay.message : null) ?? original, refused: replay.why };
    }
    default:
      return assertNever(replay);
  }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

function parseJson(data: Uint8Array): unknown {
  const text = Buffer.from(data).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
