import * as grpc from '@grpc/grpc-js';
import type { GoogleConfig } from './google-config.ts';

/** Options of Google's Cloud Run clients: they take host and port apart, and trust a local server without TLS. */
export const runClientOptions = ({ projectId, endpoints: { run } }: GoogleConfig) => ({
  projectId,
  ...(run && { apiEndpoint: run.host, port: run.port, sslCreds: grpc.credentials.createInsecure() }),
});
