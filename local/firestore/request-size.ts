import type * as grpc from '@grpc/grpc-js';
import { invalidArgument, limits } from './limits.ts';

/** Requests that arrived with more bytes than Google takes. Known only while they are decoded. */
const oversized = new WeakSet<object>();

/** The service with its requests measured as they arrive. */
export function measureRequests(definition: grpc.ServiceDefinition): grpc.ServiceDefinition {
  return Object.fromEntries(
    Object.entries(definition).map(([name, method]) => [
      name,
      {
        ...method,
        requestDeserialize: (bytes: Buffer) => {
          const request: object = method.requestDeserialize(bytes);
          if (bytes.length > limits.requestBytes) oversized.add(request);
          return request;
        },
      },
    ]),
  );
}

/** Refuses a request over 10 MiB. */
export function checkRequestSize(request: object): void {
  if (!oversized.has(request)) return;
  throw invalidArgument(`Request payload size exceeds the limit: ${limits.requestBytes} bytes.`);
}
