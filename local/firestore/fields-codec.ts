import type * as grpc from '@grpc/grpc-js';
import type { Fields } from './value.ts';
import type { WireDocument } from './wire-document.ts';

/** Fields as bytes: Google's own `Document` message, with nothing but fields. What is decoded is as if it had just arrived. */
export interface FieldsCodec {
  encode(fields: Fields): Uint8Array;
  decode(bytes: Uint8Array): Fields;
}

/** `service` is google.firestore.v1.Firestore, whose GetDocument answers with a `Document`. */
export function createFieldsCodec(service: grpc.ServiceDefinition): FieldsCodec {
  const method = service.GetDocument as grpc.MethodDefinition<never, Pick<WireDocument, 'fields'>> | undefined;
  if (method === undefined) throw new Error('the service definition has no method GetDocument');
  return {
    encode: (fields) => method.responseSerialize({ fields }),
    decode: (bytes) => method.responseDeserialize(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).fields,
  };
}
