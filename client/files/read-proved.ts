import type { ObjectRef } from '../../schemas/generated/messages.ts';
import { readVerified } from '../../workspace/workspace-objects.ts';
import type { ClientPorts } from '../client-ports.ts';

/** What a service or an executor points to. Throws workspace/corrupt where something else stands there. */
export async function readProved(ref: ObjectRef, { readObject }: Pick<ClientPorts, 'readObject'>): Promise<Uint8Array> {
  const read = async () => new Map([[ref.object, await readObject(ref.object)]]);
  const [bytes = new Uint8Array()] = await readVerified({ read }, [ref]);
  return bytes;
}
