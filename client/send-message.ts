import { encodeMessage } from '../schemas/encode-message.ts';
import type { MessageName, MessageTypes } from '../schemas/parse-message.ts';
import type { ClientPorts } from './client-ports.ts';

/** The CloudEvents source of everything that the SDK publishes. */
const source = '/sandbus/client';

/** Publishes one message that was checked before. `id` names it for good: sent again, it is the same message. Resolves with Pub/Sub's id. */
export async function sendMessage<N extends MessageName>(
  ports: Pick<ClientPorts, 'publish' | 'now'>,
  topic: string,
  { name, message, id, orderingKey }: { name: N; message: MessageTypes[N]; id: string; orderingKey?: string },
): Promise<string> {
  const encoded = encodeMessage(name, message, { id, source, time: new Date(ports.now()).toISOString() });
  return await ports.publish(topic, { ...encoded, ...(orderingKey !== undefined && { orderingKey }) });
}
