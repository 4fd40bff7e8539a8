import * as grpc from '@grpc/grpc-js';

const asBytes = (bytes: Buffer) => bytes;

/** One unary call below the generated clients, with an empty request. */
export function callByPath(address: { readonly host: string; readonly port: number }, path: string): Promise<Buffer> {
  const client = new grpc.Client(`${address.host}:${address.port}`, grpc.credentials.createInsecure());
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, asBytes, asBytes, Buffer.alloc(0), (error, response = Buffer.alloc(0)) => {
      client.close();
      if (error === null) resolve(response);
      else reject(error);
    });
  });
}
