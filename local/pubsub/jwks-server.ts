import { createServer } from 'node:http';
import type { OidcSigner } from './oidc-signer.ts';

export interface JwksServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the signer's public key on loopback, where receivers of pushes expect Google's certificates. */
export async function startJwksServer(signer: OidcSigner, port: number): Promise<JwksServer> {
  const path = '/oauth2/v3/certs';
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== path) {
      response.writeHead(404).end();
      return;
    }
    signer.jwks().then(
      (keys) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(keys)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the key server has no port');
  return {
    url: `http://127.0.0.1:${address.port}${path}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
