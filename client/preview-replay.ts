import type { DeadLetterRecord } from '../execution/records.ts';
import { topics } from '../infra/topology.ts';
import { checkMessage } from '../schemas/parse-message.ts';

export interface ReplayPreview {
  /** The message with the edits; its text where it is not JSON. */
  readonly message: unknown;
  /** Why it would be refused again, as far as that can be told without trying; null when nothing speaks against it. */
  readonly refused: string | null;
}

/** Tells what a replay would publish. The service that replays decides; this only spares a try that cannot succeed. */
export function previewReplay(
  record: Pick<DeadLetterRecord, 'source' | 'executionId'>,
  data: Uint8Array,
  edits: Readonly<Record<string, unknown>>,
): ReplayPreview {
  const original = parseJson(data);
  const hasEdits = Object.keys(edits).length > 0;
  if (record.source.topic !== topics.requests) {
    return { message: original, refused: hasEdits ? `a message of ${record.source.topic} is replayed as it is` : null };
  }
  const merged = { ...(isObject(original) ? original : {}), ...edits };
  const message = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
  const executionId = message.executionId ?? record.executionId ?? 'an-id-of-its-own';
  const checked = checkMessage('exec-request.v1', { ...message, executionId });
  return {
    message: hasEdits || isObject(original) ? message : original,
    refused: checked.ok ? null : checked.problems.join('; '),
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseJson(data: Uint8Array): unknown {
  const text = Buffer.from(data).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
