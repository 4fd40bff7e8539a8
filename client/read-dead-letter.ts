import type { DeadLetterRecord } from '../execution/records.ts';
import type { ClientPorts } from './client-ports.ts';

/** The bytes of a dead letter, from its record or from the bucket. */
export async function readDeadLetter(
  ports: Pick<ClientPorts, 'readObject'>,
  { data, dataRef }: Pick<DeadLetterRecord, 'data' | 'dataRef'>,
): Promise<Uint8Array> {
  if (dataRef !== undefined) return await ports.readObject(dataRef.object);
  return Buffer.from(data ?? '', 'base64');
}
