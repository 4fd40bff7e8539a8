import { status } from '@grpc/grpc-js';
import { GrpcStatusError } from '../grpc-server.ts';

/** The request cannot be right whatever the state is; `field` is the path of the offending field. */
export function invalidArgument(field: string, problem: string): GrpcStatusError {
  return new GrpcStatusError(status.INVALID_ARGUMENT, `${field}: ${problem}`);
}

export function notFound(kind: string, name: string): GrpcStatusError {
  return new GrpcStatusError(status.NOT_FOUND, `${kind} '${name}' does not exist`);
}

export function alreadyExists(kind: string, name: string): GrpcStatusError {
  return new GrpcStatusError(status.ALREADY_EXISTS, `${kind} '${name}' already exists`);
}

/** The caller's copy is out of date; it should read again and repeat its change. */
export function etagMismatch(name: string, given: string, current: string): GrpcStatusError {
  return new GrpcStatusError(
    status.ABORTED,
    `etag ${given} does not match the current etag ${current} of '${name}': read it again and repeat the call`,
  );
}

export function failedPrecondition(message: string): GrpcStatusError {
  return new GrpcStatusError(status.FAILED_PRECONDITION, message);
}

export function resourceExhausted(message: string): GrpcStatusError {
  return new GrpcStatusError(status.RESOURCE_EXHAUSTED, message);
}

/** Cloud Run can do this; this server cannot. Said aloud, so that nobody believes it happened. */
export function notServedLocally(what: string, instead: string): GrpcStatusError {
  return new GrpcStatusError(status.UNIMPLEMENTED, `the local Cloud Run server does not support ${what}: ${instead}`);
}
