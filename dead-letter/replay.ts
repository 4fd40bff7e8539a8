import { createHash } from 'node:crypto';
import { assertNever } from '../execution/assert-never.ts';
import { ack, type Delivery, type Disposition } from '../execution/delivery.ts';
import type { DeadLetterRecord } from '../execution/records.ts';
import { wantedExecutionId } from '../execution/replay-message.ts';
import type { ExecRequest, ReplayRequest } from '../schemas/generated/messages.ts';
import { parseMessage } from '../schemas/parse-message.ts';
import { requestDigest } from '../signing/request-digest.ts';
import { decideReplay, markPublished, type ReplayPolicy } from './decide.ts';
import { decideLink } from './decide-link.ts';
import type { DeadLetterPorts } from './ports.ts';

/** Publishes a dead letter again, as its request asks. A rejected port call means nack. */
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
  const found = await ports.read(request.deadLetterId);
  const data = found === null ? new Uint8Array() : await readBytes(found, ports);
  const accepted = found === null ? null : await acceptedId(wantedExecutionId({ request, record: found, data }), ports);
  const now = ports.now();
  const decision = await ports.transact(request.deadLetterId, (record) =>
    decideReplay({ request, record, data, isAccepted: (id) => id === accepted, digest, now }, policy),
  );
  switch (decision.kind) {
    case 'unknown':
      await ports.deadLetter(delivery, 'replay/unknown-dead-letter', `no dead letter ${request.deadLetterId}`);
      return ack;
    case 'refuse': // the record says why
    case 'done':
      return ack;
    case 'request':
      // The replay is recorded. After a crash before its mark the next delivery publishes the same request.
      await ports.pace();
      await ports.publishRequest(decision.message);
      await link(decision.message, found, data, ports);
      await mark(request, ports);
      return ack;
    case 'again': {
      const { attributes, source } = found ?? { attributes: {}, source: {} };
      const { orderingKey } = source as DeadLetterRecord['source'];
      await ports.pace();
      await ports.publish(decision.topic, { data, attributes, ...(orderingKey && { orderingKey }) });
      await mark(request, ports);
      return ack;
    }
    default:
      return assertNever(decision);
  }
}

const mark = async ({ deadLetterId, replayId }: ReplayRequest, ports: DeadLetterPorts): Promise<unknown> => {
  const now = ports.now();
  return await ports.transact(deadLetterId, (record) => markPublished(record, replayId, now));
};

/** Has the execution that is repeated remember it, where the dead letter is the request that it was accepted for. */
async function link(
  { executionId }: ExecRequest,
  deadLetter: DeadLetterRecord | null,
  data: Uint8Array,
  ports: DeadLetterPorts,
): Promise<void> {
  const original = parseMessage('exec-request.v1', data, deadLetter?.attributes ?? {});
  if (deadLetter === null || !original.ok || original.message.executionId === executionId) return;
  const replay = { executionId, deadLetterId: deadLetter.deadLetterId, replayedAt: ports.now() };
  const digestOfOriginal = requestDigest(original.message);
  await ports.transactExecution({ executionId: original.message.executionId }, (stored) =>
    decideLink({ stored, requestDigest: digestOfOriginal, replay }),
  );
}

async function readBytes({ data, dataRef }: DeadLetterRecord, ports: DeadLetterPorts): Promise<Uint8Array> {
  if (dataRef !== undefined) return await ports.readObject(dataRef.object);
  return Buffer.from(data ?? '', 'base64');
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/** The id, when it names an accepted execution. */
async function acceptedId(id: unknown, ports: DeadLetterPorts): Promise<string | null> {
  if (typeof id !== 'string' || !/^[A-Za-z0-9][\w.-]*$/.test(id)) return null;
  return (await ports.isAccepted(id)) ? id : null;
}
