import type { MethodDefinition, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { unary } from '../grpc-server.ts';
import { unimplemented } from './refusals.ts';

/** A service that Google has and this server does not: each call is told so. */
export function refused(definition: ServiceDefinition): {
  readonly definition: ServiceDefinition;
  readonly handlers: UntypedServiceImplementation;
} {
  const refusal = (path: string) =>
    unary(() => {
      throw unimplemented(`The method ${path}`);
    });
  const handlers = Object.entries(definition).map(([name, { path }]) => [name, refusal(path)]);
  return { definition, handlers: Object.fromEntries(handlers) };
}

const asBytes = (bytes: Buffer) => bytes;

function unreadMethod(name: string): MethodDefinition<Buffer, Buffer> {
  return {
    path: `/google.iam.v1.IAMPolicy/${name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: asBytes,
    requestDeserialize: asBytes,
    responseSerialize: asBytes,
    responseDeserialize: asBytes,
  };
}

/** Access policies of topics, subscriptions and snapshots. Requests are not read, so their types are not needed. */
export const iamPolicyService: ServiceDefinition = {
  SetIamPolicy: unreadMethod('SetIamPolicy'),
  GetIamPolicy: unreadMethod('GetIamPolicy'),
  TestIamPermissions: unreadMethod('TestIamPermissions'),
};
