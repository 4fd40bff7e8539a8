import { createHash } from 'node:crypto';
import { assertNever } from '../execution/assert-never.ts';
import { ack, type Delivery, type Disposition } from '../execution/delivery.ts';
import type { DeadLetterRecord } from '../execution/records.ts';
import { wantedExecutionId } from '../execution/replay-message.ts';
import type { ExecRequest, ReplayRequest } from '../schemas/generated/messages.ts';
import { parseMessage } from '../schemas/parse-message.ts';
import { requestDigest } from '../signing/request-digest.ts';
import { decideReplay, type ReplayDecision, type ReplayPolicy } from './decide.ts';
import { decideDismiss } from './decide-dismiss.ts';
import { decideLink } from './decide-link.ts';
import { claimEnd, isRecordId, problemOf, releaseResult } from './hold-result.ts';
import type { DeadLetterPorts } from './ports.ts';
import { markPublished, markRefused } from './replay-history.ts';

/** Publishes a dead letter again, or dismisses it, as its request asks. A rejected port call means nack. */
export async function handleReplay(
  delivery: Delivery,
  ports: DeadLetterPorts,
  policy: ReplayPolicy,
): Promise<Disposition> {
  const parsed = parseMessage('replay-request.v1', delivery.data, delivery.attributes);
  if (!parsed.ok) {
    await ports.deadLetter(delivery, parsed.code, parsed.problems.join('; '));
    return ack;
  }
  const request = parsed.message;
  const isKnown = request.verb === 'dismiss' ? await dismiss(request, ports) : await replay(request, ports, policy);
  if (!isKnown) {
    await ports.deadLetter(delivery, 'replay/unknown-dead-letter', `no dead letter ${request.deadLetterId}`);
  }
  return ack;
}

/** False when there is no such dead letter. */
async function replay(request: ReplayRequest, ports: DeadLetterPorts, policy: ReplayPolicy): Promise<boolean> {
  const found = await ports.read(request.deadLetterId);
  if (found === null) return false;
  const data = await readBytes(found, ports);
  const accepted = await acceptedId(wantedExecutionId({ request, record: found, data }), ports);
  const problem = problemOf(found, data, ports);
  const now = ports.now();
  const decision = await ports.transact(request.deadLetterId, (record) =>
    decideReplay({ request, record, data, isAccepted: (id) => id === accepted, digest, problem, now }, policy),
  );
  switch (decision.kind) {
    case 'unknown':
      return false;
    case 'refuse': // the record says why
    case 'done':
      return true;
    case 'request':
      // The replay is recorded. After a crash before its mark the next delivery publishes the same request.
      await ports.pace();
      await ports.publishRequest(decision.message);
      await link(decision.message, found, data, ports);
      await mark(request, ports);
      return true;
    case 'again':
      await ports.pace();
      await publishAgain(decision, request, found, data, ports);
      return true;
    default:
      return assertNever(decision);
  }
}

/** A result is published only when it is sure to end its execution: nobody else ends it from then on. */
async function publishAgain(
  { topic, attributes, isRepeat }: Extract<ReplayDecision, { kind: 'again' }>,
  request: ReplayRequest,
  deadLetter: DeadLetterRecord,
  data: Uint8Array,
  ports: DeadLetterPorts,
): Promise<void> {
  const { deadLetterId, replayId } = request;
  const refusal = await claimEnd(deadLetter, data, isRepeat, ports);
  if (refusal !== null) {
    await ports.transact(deadLetterId, (record) => markRefused(record, replayId, refusal));
    return;
  }
  const { orderingKey } = deadLetter.source;
  await ports.publish(topic, { data, attributes, ...(orderingKey && { orderingKey }) });
  await mark(request, ports);
}

/** False when there is no such dead letter. */
async function dismiss(request: ReplayRequest, ports: DeadLetterPorts): Promise<boolean> {
  const now = ports.now();
  const decision = await ports.transact(request.deadLetterId, (record) => decideDismiss({ request, record, now }));
  // The dismissal is recorded. After a crash here the next delivery lets the execution end.
  if (decision.kind === 'dismissed') await releaseResult(decision.record, ports);
  return decision.kind !== 'unknown';
}

const mark = async ({ deadLetterId, replayId }: ReplayRequest, ports: DeadLetterPorts): Promise<unknown> => {
  const now = ports.now();
  return await ports.transact(deadLetterId, (record) => markPublished(record, replayId, now));
};

/** Has the execution that is repeated remember it, where the dead letter is the request that it was accepted for. */
async function link(
  { executionId }: ExecRequest,
  deadLetter: DeadLetterRecord,
  data: Uint8Array,
  ports: DeadLetterPorts,
): Promise<void> {
  const original = parseMessage('exec-request.v1', data, deadLetter.attributes);
  if (!original.ok || original.message.executionId === executionId) return;
  const replayed = { executionId, deadLetterId: deadLetter.deadLetterId, replayedAt: ports.now() };
  const digestOfOriginal = requestDigest(original.message);
  await ports.transactExecution({ executionId: original.message.executionId }, (stored) =>
    decideLink({ stored, requestDigest: digestOfOriginal, replay: replayed }),
  );
}

async function readBytes({ data, dataRef }: DeadLetterRecord, ports: DeadLetterPorts): Promise<Uint8Array> {
  if (dataRef !== undefined) return await ports.readObject(dataRef.object);
  return Buffer.from(data ?? '', 'base64');
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/** The id, when it names an accepted execution. */
async function acceptedId(id: unknown, ports: DeadLetterPorts): Promise<string | null> {
  if (!isRecordId(id)) return null;
  return (await ports.isAccepted(id)) ? id : null;
}
