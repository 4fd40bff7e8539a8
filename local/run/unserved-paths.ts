import { status } from '@grpc/grpc-js';
import { GrpcStatusError } from '../grpc-server.ts';
import { notServedLocally } from './refusals.ts';

const place = '^/v2/projects/[^/]+/locations/[^/]+';

/** What Cloud Run's JSON API has beside jobs. */
const unserved: readonly (readonly [path: RegExp, what: string, instead: string])[] = [
  [new RegExp(`${place}/services(?:[/:]|$)`), 'services', 'it runs jobs only'],
  [new RegExp(`${place}/workerPools(?:[/:]|$)`), 'worker pools', 'it runs jobs only'],
  [new RegExp(`${place}/instances(?:[/:]|$)`), 'instances', 'it runs jobs only'],
  [new RegExp(`${place}/builds(?:[/:]|$)`), 'builds', 'a job names a program of this machine in command'],
  [new RegExp(`${place}.*:export[A-Za-z]+$`), 'exports', 'there are no images here'],
  [/^\/apis\//, 'the v1 API', 'call the same method of v2'],
];

/** The refusal of a path that no method has: UNIMPLEMENTED when it is one of Cloud Run's, NOT_FOUND otherwise. */
export function refuseUnserved(verb: string, path: string): GrpcStatusError {
  const found = unserved.find(([pattern]) => pattern.test(path));
  if (found !== undefined) return notServedLocally(found[1], found[2]);
  return new GrpcStatusError(status.NOT_FOUND, `no method is served at ${verb} ${path}`);
}
