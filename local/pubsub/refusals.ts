import { status } from '@grpc/grpc-js';
import { GrpcStatusError } from '../grpc-server.ts';

/** A field of the request that cannot be accepted; `problem` names the field and the value that matters. */
export function invalidArgument(problem: string): GrpcStatusError {
  return new GrpcStatusError(status.INVALID_ARGUMENT, problem);
}

/** A number beyond its bounds where Google answers OUT_OF_RANGE instead of INVALID_ARGUMENT. */
export function outOfRange(problem: string): GrpcStatusError {
  return new GrpcStatusError(status.OUT_OF_RANGE, problem);
}

/** The resource that an update carries; a request without it is refused. */
export function given<T>(resource: T | null, field: string): T {
  if (resource === null) throw invalidArgument(`Invalid ${field}: it is missing.`);
  return resource;
}

export function notFound(name: string): GrpcStatusError {
  return new GrpcStatusError(status.NOT_FOUND, `Resource not found: ${name}.`);
}

export function alreadyExists(name: string): GrpcStatusError {
  return new GrpcStatusError(status.ALREADY_EXISTS, `Resource already exists: ${name}.`);
}

export function failedPrecondition(problem: string): GrpcStatusError {
  return new GrpcStatusError(status.FAILED_PRECONDITION, problem);
}

/** What Google offers and this server does not. */
export function unimplemented(what: string): GrpcStatusError {
  return new GrpcStatusError(
    status.UNIMPLEMENTED,
    `${what} is not supported by the local Pub/Sub server; see local/pubsub/README.md.`,
  );
}
