import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { unary } from '../grpc-server.ts';
import type { RecordStore } from './record-store.ts';

export interface CallContext {
  /** Runs `callback` when the caller no longer waits for the answer. */
  onGone(callback: () => void): void;
}

/**
 * The methods of a service by their camelCase names, without a transport. Each takes its own request message,
 * which the transport has decoded; it throws a GrpcStatusError to refuse.
 */
export type Methods = Readonly<Record<string, (request: never, context: CallContext) => object | Promise<object>>>;

/** The same methods, answering only once all that has changed is stored. */
export function storedMethods(methods: Methods, store: RecordStore): Methods {
  const flushed = <Answer>(answer: Answer): Answer => {
    store.flush();
    return answer;
  };
  return Object.fromEntries(
    Object.entries(methods).map(([name, method]) => [
      name,
      (request: never, context: CallContext) => {
        const answer = method(request, context);
        // At once where it can be: between a change and what follows from it in later microtasks nothing may be stored.
        return answer instanceof Promise ? answer.then(flushed) : flushed(answer);
      },
    ]),
  );
}

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
