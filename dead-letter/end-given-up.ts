import { assertNever } from '../execution/assert-never.ts';
import { objectNames } from '../execution/object-names.ts';
import { inlineRequestBytes, type StoredRequest } from '../execution/records.ts';
import { endWithoutExecutor } from '../execution/synthetic-event.ts';
import type { DeadLetter, ExecRequest } from '../schemas/generated/messages.ts';
import { parseMessage } from '../schemas/parse-message.ts';
import { requestDigest } from '../signing/request-digest.ts';
import { decideGivenUp, type GivenUpMessage } from './decide-end.ts';
import type { DeadLetterPorts } from './ports.ts';

/** The topics whose messages executions wait for. */
export interface AwaitedTopics {
  readonly requestsTopic: string;
  readonly wakeUpsTopic: string;
}

type EndPorts = Pick<DeadLetterPorts, 'transactExecution' | 'publishCompletion' | 'writeObject' | 'now'>;

/**
 * Ends the execution that hung on a message which Pub/Sub gave up on, where nobody else will. May be repeated: it
 * publishes the same end, and an execution that has ended is left alone.
 *
 * A completion event that was given up ends nothing here: its execution waits for it (hold-result.ts).
 * Nor does a control message: what it decided before it was given up is owed, and the sweep publishes that; what it never
 * decided has not happened.
 */
export async function endGivenUp(
  { deadLetterId, code, source, attributes }: Pick<DeadLetter, 'deadLetterId' | 'code' | 'source' | 'attributes'>,
  data: Uint8Array,
  ports: EndPorts,
  policy: AwaitedTopics,
): Promise<void> {
  if (code !== 'delivery/exhausted') return;
  const message = await readGivenUp(source.topic, data, attributes, ports, policy);
  if (message === null) return;
  const now = ports.now();
  const decision = await ports.transactExecution(recordsOf(message), (stored) =>
    decideGivenUp({ message, deadLetterId, stored, now }),
  );
  switch (decision.kind) {
    case 'leave':
      return;
    case 'end': {
      // What was decided is stored. After a crash here the next delivery publishes the same end.
      const { execution, launch, outcome, endedAt } = decision;
      return await ports.publishCompletion(
        endWithoutExecutor(execution, launch, outcome, new Date(endedAt).toISOString()),
      );
    }
    default:
      return assertNever(decision);
  }
}

/** null: not a message that an execution waits for, or not one that can be read. */
async function readGivenUp(
  topic: string,
  data: Uint8Array,
  attributes: Readonly<Record<string, string>>,
  ports: EndPorts,
  { requestsTopic, wakeUpsTopic }: AwaitedTopics,
): Promise<GivenUpMessage | null> {
  if (topic === wakeUpsTopic) {
    const wakeUp = parseMessage('wake-up.v1', data, attributes);
    return wakeUp.ok ? { kind: 'wake-up', ...pick(wakeUp.message) } : null;
  }
  const parsed = topic === requestsTopic ? parseMessage('exec-request.v1', data, attributes) : null;
  if (!parsed?.ok) return null;
  const request = parsed.message;
  const digest = requestDigest(request);
  return { kind: 'request', request, requestDigest: digest, storedRequest: await storeRequest(request, digest, ports) };
}

/** A request is decided on without its session: many of one session are given up at the same time. */
const recordsOf = (message: GivenUpMessage) =>
  message.kind === 'request' ? { executionId: message.request.executionId } : pick(message);

const pick = ({ executionId, sessionId }: { readonly executionId: string; readonly sessionId: string }) => ({
  executionId,
  sessionId,
});

/** As the dispatcher keeps it, under the same name. */
async function storeRequest(
  request: ExecRequest,
  digest: string,
  { writeObject }: Pick<DeadLetterPorts, 'writeObject'>,
): Promise<StoredRequest> {
  const bytes = Buffer.from(JSON.stringify(request));
  if (bytes.byteLength <= inlineRequestBytes) return { kind: 'inline', request };
  return { kind: 'object', ref: await writeObject(objectNames.request(request.executionId, digest), bytes) };
}
