import { Metadata, status } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { GrpcStatusError } from '../grpc-server.ts';
import type { AckReport } from './settle-acks.ts';

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

const ended = 'PERMANENT_FAILURE_INVALID_ACK_ID';
const unordered = 'TRANSIENT_FAILURE_UNORDERED_ACK_ID';

/**
 * With exactly-once delivery: these acknowledgements had no effect, told per id in the way that clients read. Those that came
 * before an earlier one of their key may be tried again.
 */
export function failedAckIds(failed: Pick<AckReport, 'ended' | 'unordered'>): GrpcStatusError {
  const message =
    failed.ended.length > 0
      ? 'Some ack_ids are not valid any more: their deadline is over or they were acknowledged before.'
      : 'Some ack_ids are out of order: earlier messages of their ordering key are to be acknowledged first.';
  const errorInfo = types.lookupType('ErrorInfo').encode({
    reason: 'EXACTLY_ONCE_ACKID_FAILURE',
    domain: 'pubsub.googleapis.com',
    metadata: [
      ...failed.ended.map((key) => ({ key, value: ended })),
      ...failed.unordered.map((key) => ({ key, value: unordered })),
    ],
  });
  const details = [{ type_url: 'type.googleapis.com/google.rpc.ErrorInfo', value: errorInfo.finish() }];
  const statusBytes = types.lookupType('Status').encode({ code: status.INVALID_ARGUMENT, message, details }).finish();
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(statusBytes));
  return new GrpcStatusError(status.INVALID_ARGUMENT, message, metadata);
}
