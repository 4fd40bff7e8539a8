import { Metadata, status } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { GrpcStatusError } from '../grpc-server.ts';

/** The few types of google.rpc that carry an error's details; field numbers are Google's. */
const types = protobuf.Root.fromJSON({
  nested: {
    Status: {
      fields: {
        code: { type: 'int32', id: 1 },
        message: { type: 'string', id: 2 },
        details: { rule: 'repeated', type: 'Any', id: 3 },
      },
    },
    Any: { fields: { type_url: { type: 'string', id: 1 }, value: { type: 'bytes', id: 2 } } },
    // A map travels as repeated key and value.
    MetadataEntry: { fields: { key: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
    ErrorInfo: {
      fields: {
        reason: { type: 'string', id: 1 },
        domain: { type: 'string', id: 2 },
        metadata: { rule: 'repeated', type: 'MetadataEntry', id: 3 },
      },
    },
  },
});

/** With exactly-once delivery: these acknowledgements had no effect, told per id in the way that clients read. */
export function endedAckIds(ackIds: readonly string[]): GrpcStatusError {
  const message = 'Some ack_ids are not valid any more: their deadline is over or they were acknowledged before.';
  const errorInfo = types.lookupType('ErrorInfo').encode({
    reason: 'EXACTLY_ONCE_ACKID_FAILURE',
    domain: 'pubsub.googleapis.com',
    metadata: ackIds.map((key) => ({ key, value: 'PERMANENT_FAILURE_INVALID_ACK_ID' })),
  });
  const details = [{ type_url: 'type.googleapis.com/google.rpc.ErrorInfo', value: errorInfo.finish() }];
  const statusBytes = types.lookupType('Status').encode({ code: status.INVALID_ARGUMENT, message, details }).finish();
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(statusBytes));
  return new GrpcStatusError(status.INVALID_ARGUMENT, message, metadata);
}
