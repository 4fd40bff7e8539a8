import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startStorageServer } from '../../../local/storage/server.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';

export interface SentAnswer {
  readonly status: number;
  /** Headers that say something about what is stored. */
  readonly headers: Readonly<Record<string, string | null>>;
  readonly body: Buffer;
}

export interface DurableServer {
  readonly dataDir: string;
  readonly clock: ManualClock;
  /** Sends one request; `path` begins with a slash, links in the answer come without the server's address. */
  send(method: string, path: string, options?: SendOptions): Promise<SentAnswer>;
  /** Starts again on the same folder, as another process would. */
  restart(clock?: ManualClock): Promise<void>;
  stop(): Promise<void>;
  port(): number;
  /** Names of the files that hold contents. */
  contentFiles(): Promise<readonly string[]>;
  /** How many contents are in the database; the server is started again for it. */
  contentRows(): Promise<number>;
  /** Ends the server and removes its folder. */
  close(): Promise<void>;
}

export interface SendOptions {
  readonly body?: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
}

const toldHeaders = ['range', 'content-range', 'content-type', 'etag', 'location', 'x-goog-hash', 'x-goog-generation'];

export async function startDurableServer(): Promise<DurableServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'storage-data-'));
  const clock = createManualClock();
  let server = await startStorageServer({ dataDir, clock, signers: [] });
  return {
    dataDir,
    clock,
    async send(method, path, { body, headers = {} } = {}) {
      const origin = `http://127.0.0.1:${server.port}`;
      const response = await fetch(`${origin}${path}`, {
        method,
        headers: { connection: 'close', ...headers },
        redirect: 'manual',
        ...(body === undefined ? {} : { body: new Uint8Array(Buffer.from(body)) }),
      });
      const told = toldHeaders.map((name) => [name, response.headers.get(name)?.replace(origin, '') ?? null] as const);
      const bytes = Buffer.from(await response.arrayBuffer());
      const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
      return {
        status: response.status,
        headers: Object.fromEntries(told),
        body: isJson ? Buffer.from(bytes.toString().replaceAll(origin, '')) : bytes,
      };
    },
    async restart(nextClock = clock) {
      await server.close();
      server = await startStorageServer({ dataDir, clock: nextClock, signers: [] });
    },
    stop: () => server.close(),
    port: () => server.port,
    contentFiles: () => readdir(join(dataDir, 'storage-contents')),
    async contentRows() {
      await server.close();
      const database = new DatabaseSync(join(dataDir, 'storage.sqlite'));
      const { rows } = database.prepare('SELECT count(*) AS rows FROM contents').get() ?? {};
      database.close();
      server = await startStorageServer({ dataDir, clock, signers: [] });
      return Number(rows);
    },
    async close() {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Ways to change what is stored, each with the refusals that a test would not expect turned into errors. */
export function writesTo(server: DurableServer) {
  const json = async (method: string, path: string, resource?: unknown) => {
    const options = resource === undefined ? {} : { body: JSON.stringify(resource) };
    const { status, body } = await server.send(method, `/storage/v1${path}`, options);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${body}`);
    return body.length === 0 ? {} : (JSON.parse(body.toString()) as Record<string, string>);
  };
  return {
    json,
    async upload(bucket: string, name: string, content: Buffer | string, query = '') {
      const path = `/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(name)}${query}`;
      const { status, body } = await server.send('POST', path, { body: content });
      if (status !== 200) throw new Error(`upload of ${name}: ${status} ${body}`);
      return JSON.parse(body.toString()) as Record<string, string>;
    },
    /** The path of a resumable upload's session. */
    async startUpload(bucket: string, name: string, resource: unknown = {}) {
      const path = `/upload/storage/v1/b/${bucket}/o?uploadType=resumable&name=${encodeURIComponent(name)}`;
      return (await server.send('POST', path, { body: JSON.stringify(resource) })).headers.location ?? '';
    },
    sendChunk: (session: string, contentRange: string, body: Buffer | string = '') =>
      server.send('PUT', session, { body, headers: { 'content-range': contentRange } }),
  };
}
