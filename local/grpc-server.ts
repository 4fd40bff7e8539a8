import { createRequire } from 'node:module';
import * as grpc from '@grpc/grpc-js';
import * as protoLoader from '@grpc/proto-loader';

/** A refusal in Google's terms: thrown by a handler, sent to the client as this status. */
export class GrpcStatusError extends Error {
  readonly code: grpc.status;
  /** Trailers, for errors with details beyond the message. */
  readonly metadata: grpc.Metadata;
  constructor(code: grpc.status, message: string, metadata = new grpc.Metadata()) {
    super(message);
    this.name = 'GrpcStatusError';
    this.code = code;
    this.metadata = metadata;
  }
}

export interface RunningServer {
  readonly host: string;
  readonly port: number;
  /** Frees the port; calls that are still open a moment later are cut. */
  close(): Promise<void>;
}

const loadOptions: protoLoader.Options = {
  keepCase: false,
  longs: String,
  enums: String,
  oneofs: false,
  defaults: true,
};

/**
 * Reads service definitions out of a `protos.json` that one of Google's own packages carries.
 * `specifier` is a path inside a package, such as `@google-cloud/run/build/protos/protos.json`.
 */
export function loadServiceDefinitions(specifier: string): protoLoader.PackageDefinition {
  return readServiceDefinitions(createRequire(import.meta.url)(specifier));
}

/** The same out of a schema that is at hand. */
export function readServiceDefinitions(
  schema: Parameters<typeof protoLoader.fromJSON>[0],
): protoLoader.PackageDefinition {
  return protoLoader.fromJSON(schema, loadOptions);
}

/** One service of a package definition; throws when the name is not a service. */
export function serviceDefinition(definitions: protoLoader.PackageDefinition, name: string): grpc.ServiceDefinition {
  const definition = definitions[name];
  if (definition === undefined || 'format' in definition) throw new Error(`no gRPC service named ${name}`);
  return definition as grpc.ServiceDefinition;
}

/** Wraps an async function as a unary handler; anything thrown that is not a GrpcStatusError becomes INTERNAL. */
export function unary<Request, Response>(
  run: (request: Request, call: grpc.ServerUnaryCall<Request, Response>) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => run(call.request, call))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toServiceError(error)),
      );
  };
}

/** The status that a client gets for anything a handler threw. */
export function toServiceError(error: unknown): Partial<grpc.StatusObject> {
  if (error instanceof GrpcStatusError) return { code: error.code, details: error.message, metadata: error.metadata };
  return { code: grpc.status.INTERNAL, details: error instanceof Error ? error.message : String(error) };
}

/** How long open calls may take to end by themselves when a server closes. */
const closeGraceMs = 250;

/** Ends a server so that calls which are just ending still get their status: a cut call is an error to its client. */
function shutDown(server: grpc.Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, closeGraceMs);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });
}

/** Starts a gRPC server on loopback; port 0 takes a free one. */
export async function startGrpcServer(
  services: ReadonlyArray<{
    readonly definition: grpc.ServiceDefinition;
    readonly handlers: grpc.UntypedServiceImplementation;
  }>,
  port: number,
): Promise<RunningServer> {
  const server = new grpc.Server({
    // Google's limit is 10 MB a request; the head room lets the server answer with the documented error instead of cutting the stream.
    'grpc.max_receive_message_length': 64 * 1024 * 1024,
    'grpc.max_send_message_length': 64 * 1024 * 1024,
  });
  for (const { definition, handlers } of services) server.addService(definition, handlers);
  const boundPort = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    host: '127.0.0.1',
    port: boundPort,
    close: () => shutDown(server),
  };
}
