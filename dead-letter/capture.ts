import { inlineDeadLetterBytes } from '../execution/dead-letter.ts';
import { ack, type Delivery, type Disposition } from '../execution/delivery.ts';
import { objectNames } from '../execution/object-names.ts';
import type { DeadLetter } from '../schemas/generated/messages.ts';
import { type DeadLetterHead, describeDelivery } from './describe-delivery.ts';
import type { DeadLetterPorts } from './ports.ts';

export interface CapturePolicy {
  readonly retentionMs: number;
  readonly topicOf: (subscription: string) => string;
}

/** Keeps what arrived at a dead-letter topic as a record. Repeated, it is the same record. */
export async function captureDeadLetter(
  delivery: Delivery,
  ports: Pick<DeadLetterPorts, 'create' | 'writeObject' | 'now'>,
  policy: CapturePolicy,
): Promise<Disposition> {
  const now = ports.now();
  const described = describeDelivery(delivery, now, policy.topicOf);
  const deadLetter =
    described.kind === 'report' ? described.deadLetter : await withBytes(described.head, delivery.data, ports);
  await ports.create({ ...deadLetter, state: 'open', replays: [], expireAt: now + policy.retentionMs });
  return ack;
}

async function withBytes(
  head: DeadLetterHead,
  data: Uint8Array,
  ports: Pick<DeadLetterPorts, 'writeObject'>,
): Promise<DeadLetter> {
  if (data.byteLength <= inlineDeadLetterBytes) return { ...head, data: Buffer.from(data).toString('base64') };
  return { ...head, dataRef: await ports.writeObject(objectNames.deadLetter(head.deadLetterId), data) };
}
