import * as grpc from '@grpc/grpc-js';
import { toServiceError } from '../grpc-server.ts';

/** Calls back when the client gives a call up, or is gone, before it was answered. */
export type OnCancel = (callback: () => void) => void;

/** Runs what serves a call. The call says that it is cancelled also when it ends well: that is not passed on. */
export async function cancellable<Result>(
  call: Pick<grpc.ServerUnaryCall<unknown, unknown>, 'on'>,
  run: (onCancel: OnCancel) => Result | Promise<Result>,
): Promise<Result> {
  let isServed = false;
  const onCancel: OnCancel = (callback) => {
    call.on('cancelled', () => {
      if (!isServed) callback();
    });
  };
  try {
    return await run(onCancel);
  } finally {
    isServed = true;
  }
}

/** Wraps an async function that sends any number of responses; what it throws becomes the status of the stream. */
export function serverStream<Request, Response>(
  run: (request: Request, send: (response: Response) => void, onCancel: OnCancel) => void | Promise<void>,
): grpc.handleServerStreamingCall<Request, Response> {
  return (call) => {
    const send = (response: Response) => {
      call.write(response);
    };
    cancellable(call, (onCancel) => run(call.request, send, onCancel)).then(
      () => call.end(),
      (error: unknown) => {
        // Google's Node client repeats a stream that fails before its headers twice, seconds apart, whatever the status.
        call.sendMetadata(new grpc.Metadata());
        call.emit('error', toServiceError(error));
      },
    );
  };
}
