import { readCapturedResult } from '../execution/judge-result.ts';
import type { DeadLetterRecord } from '../execution/records.ts';
import { type ReplayRefusal, refusalOfBytes } from '../execution/refuse-replay.ts';
import { messageNames } from '../infra/topology.ts';
import type { DeadLetter } from '../schemas/generated/messages.ts';
import { parseMessage } from '../schemas/parse-message.ts';
import { decideHold, decideRelease, decideReplayedResult, type HoldPolicy } from './decide-hold.ts';
import type { DeadLetterPorts } from './ports.ts';

type Captured = Pick<DeadLetter, 'deadLetterId' | 'executionId' | 'source' | 'attributes'>;
type HoldPorts = Pick<DeadLetterPorts, 'isSigned' | 'transactExecution' | 'now'>;

const resultName = 'completion-event.v1';

const nameOf = (topic: string) =>
  Object.hasOwn(messageNames, topic) ? messageNames[topic as keyof typeof messageNames] : null;

const isResult = ({ source }: Pick<DeadLetter, 'source'>): boolean => nameOf(source.topic) === resultName;

/** The genuine result in a dead letter; null: it is none, or nobody who held the launch has signed it. */
function genuineResult({ source, attributes }: Captured, data: Uint8Array, { isSigned }: Pick<HoldPorts, 'isSigned'>) {
  const result = isResult({ source }) ? readCapturedResult(data) : null;
  return result !== null && isSigned(result, data, attributes.signature) ? result : null;
}

/** Has an execution wait for its result, which has become a dead letter. May be repeated. */
export async function holdResult(
  deadLetter: Captured,
  data: Uint8Array,
  ports: HoldPorts,
  policy: HoldPolicy,
): Promise<void> {
  const result = genuineResult(deadLetter, data, ports);
  if (result === null) return;
  const { deadLetterId } = deadLetter;
  const now = ports.now();
  await ports.transactExecution({ executionId: result.executionId }, (stored) =>
    decideHold({ stored, deadLetterId, now, result }, policy),
  );
}

/** Why the bytes would be refused again where they are published as they are; null: nothing is known against them. */
export function problemOf(
  deadLetter: Captured,
  data: Uint8Array,
  ports: Pick<HoldPorts, 'isSigned'>,
): ReplayRefusal | null {
  const problem = refusalOfBytes(nameOf(deadLetter.source.topic), data, deadLetter.attributes);
  if (problem !== null || !isResult(deadLetter) || genuineResult(deadLetter, data, ports) !== null) return problem;
  return {
    code: 'result/bad-signature',
    why: `not signed by the launch of ${deadLetter.executionId ?? 'its execution'}`,
  };
}

/** Makes sure that a result which is published next will end its execution. Resolves with why it would not. */
export async function claimEnd(
  deadLetter: DeadLetterRecord,
  data: Uint8Array,
  isRepeat: boolean,
  ports: HoldPorts,
): Promise<ReplayRefusal | null> {
  const parsed = isResult(deadLetter) ? parseMessage(resultName, data, deadLetter.attributes) : null;
  if (!parsed?.ok) return null;
  const event = parsed.message;
  const { deadLetterId } = deadLetter;
  const now = ports.now();
  const { refusal } = await ports.transactExecution({ executionId: event.executionId }, (stored) =>
    decideReplayedResult({ stored, event, deadLetterId, now, isRepeat }),
  );
  return refusal;
}

/** Lets the execution end whose result is in a dead letter that was dismissed. May be repeated. */
export async function releaseResult(
  { deadLetterId, source, executionId }: DeadLetterRecord,
  ports: Pick<HoldPorts, 'transactExecution' | 'now'>,
): Promise<void> {
  if (!isResult({ source }) || !executionId || !isRecordId(executionId)) return;
  const now = ports.now();
  await ports.transactExecution({ executionId }, (stored) => decideRelease({ stored, deadLetterId, now }));
}

/** Whether a text that anybody may have written can name a record. */
export const isRecordId = (id: unknown): id is string => typeof id === 'string' && /^[A-Za-z0-9][\w.-]*$/.test(id);
