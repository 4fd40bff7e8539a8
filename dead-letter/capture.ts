import { inlineDeadLetterBytes } from '../execution/dead-letter.ts';
import { ack, type Delivery, type Disposition } from '../execution/delivery.ts';
import { fieldsOf, filterFieldsOf } from '../execution/identify-message.ts';
import { objectNames } from '../execution/object-names.ts';
import type { DeadLetterRecord } from '../execution/records.ts';
import type { DeadLetter } from '../schemas/generated/messages.ts';
import type { HoldPolicy } from './decide-hold.ts';
import { type DescribedDelivery, describeDelivery } from './describe-delivery.ts';
import { type AwaitedTopics, endGivenUp } from './end-given-up.ts';
import { holdResult } from './hold-result.ts';
import type { DeadLetterPorts } from './ports.ts';

export interface CapturePolicy extends AwaitedTopics, HoldPolicy {
  /** How long dead letters are kept (their TTL). */
  readonly retentionMs: number;
  readonly topicOf: (subscription: string) => string;
  readonly maxReplays: number;
}

/**
 * Keeps what arrived at a dead-letter topic as a record, then ends the execution that hung on it, or has it wait for its
 * result. Repeated, it is the same record and the same end. A rejected port call means nack.
 */
export async function captureDeadLetter(
  delivery: Delivery,
  ports: DeadLetterPorts,
  policy: CapturePolicy,
): Promise<Disposition> {
  const now = ports.now();
  const described = describeDelivery(delivery, now, policy.topicOf);
  const data = await originalBytes(described, delivery, ports);
  const deadLetter = await withBytes(described, data, ports);
  await ports.create(await recordOf(deadLetter, data, { lastAt: lastTimeOf(described, delivery), now }, ports, policy));
  await endGivenUp(deadLetter, data, ports, policy);
  await holdResult(deadLetter, data, ports, policy);
  return ack;
}

async function originalBytes(
  described: DescribedDelivery,
  delivery: Delivery,
  ports: Pick<DeadLetterPorts, 'readObject'>,
): Promise<Uint8Array> {
  if (described.kind === 'forwarded') return delivery.data;
  const { data, dataRef } = described.deadLetter;
  return dataRef === undefined ? Buffer.from(data ?? '', 'base64') : await ports.readObject(dataRef.object);
}

async function withBytes(
  described: DescribedDelivery,
  data: Uint8Array,
  ports: Pick<DeadLetterPorts, 'writeObject'>,
): Promise<DeadLetter> {
  if (described.kind === 'report') return described.deadLetter;
  const { head } = described;
  if (data.byteLength <= inlineDeadLetterBytes) return { ...head, data: Buffer.from(data).toString('base64') };
  return { ...head, dataRef: await ports.writeObject(objectNames.deadLetter(head.deadLetterId), data) };
}

/** Pub/Sub forwards a message when it gives it up; a service reports one in the delivery that it gives it up in. */
const lastTimeOf = (described: DescribedDelivery, { publishedAt }: Delivery): number =>
  described.kind === 'forwarded' ? publishedAt : Date.parse(described.deadLetter.deadLetteredAt);

async function recordOf(
  deadLetter: DeadLetter,
  data: Uint8Array,
  { lastAt, now }: { readonly lastAt: number; readonly now: number },
  ports: Pick<DeadLetterPorts, 'headOf'>,
  { retentionMs, requestsTopic, maxReplays }: CapturePolicy,
): Promise<DeadLetterRecord> {
  const { source, attributes, deadLetteredAt, sessionId = null } = deadLetter;
  const isRequest = source.topic === requestsTopic;
  return {
    ...deadLetter,
    // One form for all, so that their order as text is their order in time.
    deadLetteredAt: new Date(deadLetteredAt).toISOString(),
    ...filterFieldsOf({ data, attributes }),
    firstAt: Date.parse(source.publishTime),
    lastAt,
    startCheckpoint: isRequest ? await startOf(data, sessionId, ports) : null,
    state: 'open',
    replays: [],
    maxReplays,
    expireAt: now + retentionMs,
  };
}

/** The checkpoint that the request names, else the session's head as it is now: it waited for no other execution. */
async function startOf(
  data: Uint8Array,
  sessionId: string | null,
  ports: Pick<DeadLetterPorts, 'headOf'>,
): Promise<number | null> {
  const { checkpoint } = fieldsOf(data);
  if (typeof checkpoint === 'number' && Number.isInteger(checkpoint) && checkpoint >= 0) return checkpoint;
  return sessionId === null || !/^[A-Za-z0-9][\w.-]*$/.test(sessionId) ? null : await ports.headOf(sessionId);
}
