import * as grpc from '@grpc/grpc-js';
import { toServiceError } from '../grpc-server.ts';

/** Wraps an async function that sends any number of responses; what it throws becomes the status of the stream. */
export function serverStream<Request, Response>(
  run: (request: Request, send: (response: Response) => void) => void | Promise<void>,
): grpc.handleServerStreamingCall<Request, Response> {
  return (call) => {
    const send = (response: Response) => {
      call.write(response);
    };
    Promise.resolve()
      .then(() => run(call.request, send))
      .then(
        () => call.end(),
        (error: unknown) => {
          // Google's Node client repeats a stream that fails before its headers twice, seconds apart, whatever the status.
          call.sendMetadata(new grpc.Metadata());
          call.emit('error', toServiceError(error));
        },
      );
  };
}
