import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { unary } from '../grpc-server.ts';

export interface CallContext {
  /** Runs `callback` when the caller no longer waits for the answer. */
  onGone(callback: () => void): void;
}

/**
 * The methods of a service by their camelCase names, without a transport. Each takes its own request message,
 * which the transport has decoded; it throws a GrpcStatusError to refuse.
 */
export type Methods = Readonly<Record<string, (request: never, context: CallContext) => object | Promise<object>>>;

export function grpcHandlers(methods: Methods): UntypedServiceImplementation {
  return Object.fromEntries(
    Object.entries(methods).map(([name, method]) => [
      name,
      unary((request: object, call) =>
        method(request as never, { onGone: (callback) => call.on('cancelled', callback) }),
      ),
    ]),
  );
}
