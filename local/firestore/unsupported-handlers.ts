import * as grpc from '@grpc/grpc-js';
import { GrpcStatusError } from '../grpc-server.ts';
import { serverStream } from './server-stream.ts';

function notSupported(method: string, instead: string): never {
  throw new GrpcStatusError(grpc.status.UNIMPLEMENTED, `${method} is not supported locally: ${instead}.`);
}

/** What this server leaves out says so, with what to use in its place. */
export function unsupportedHandlers(): grpc.UntypedServiceImplementation {
  return {
    write: (call: grpc.ServerDuplexStream<object, object>) => {
      call.emit('error', {
        code: grpc.status.UNIMPLEMENTED,
        details: 'Write streams are not supported locally: use Commit or BatchWrite.',
      });
    },
    executePipeline: serverStream(() => notSupported('ExecutePipeline', 'pipelines need the Enterprise edition')),
  };
}
