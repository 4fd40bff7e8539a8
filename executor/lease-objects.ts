import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import pRetry from 'p-retry';
import type { ErrorCode } from '../execution/error-codes.ts';
import type { SignedUrl } from '../execution/lease-protocol.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { ObjectRef } from '../schemas/generated/messages.ts';
import type { WorkspaceObjects } from '../workspace/workspace-objects.ts';
import { createHttpClient, type HttpCall } from './http-call.ts';
import type { LeaseClient } from './lease-client.ts';

/** Objects of the session, by URLs that the holder of its lease gets signed. An executor has no other right to storage. */
export interface LeaseObjects extends WorkspaceObjects {
  /** Reads one object into a new file and proves its hash. */
  download(ref: ObjectRef, path: string): Promise<void>;
  /** Stores a file under a name that nothing else is stored under. */
  upload(object: string, file: { readonly path: string; readonly bytes: number }): Promise<void>;
  close(): void;
}

/** How many objects travel at the same time. */
const parallel = 8;
/** The lease API signs no more in one call. */
const urlsPerCall = 200;
const silenceMs = 30_000;
/** How long one object is tried. */
const patienceMs = 120_000;

/** @param signedReads what the assignment brought along, used before more is asked for */
export function createLeaseObjects(
  lease: Pick<LeaseClient, 'urls'>,
  signedReads: Readonly<Record<string, SignedUrl>>,
): LeaseObjects {
  const http = createHttpClient('google/unavailable');

  async function urlsToRead(names: readonly string[]): Promise<Record<string, SignedUrl>> {
    const unknown = names.filter((name) => signedReads[name] === undefined);
    return {
      ...signedReads,
      ...(await askInParts(unknown, async (part) => (await lease.urls({ reads: part, writes: [] })).reads)),
    };
  }
  const urlsToWrite = (names: readonly string[]): Promise<Record<string, SignedUrl>> =>
    askInParts(names, async (part) => (await lease.urls({ reads: [], writes: part })).writes);

  /** Resolves with those that are not there any more. */
  async function keep(names: readonly string[]): Promise<readonly string[]> {
    const missing: string[] = [];
    for (let start = 0; start < names.length; start += urlsPerCall) {
      const keeps = names.slice(start, start + urlsPerCall);
      missing.push(...((await lease.urls({ reads: [], writes: [], keeps })).missing ?? []));
    }
    return missing;
  }

  const get = (url: SignedUrl | undefined, { object, bytes }: ObjectRef, sink?: HttpCall['sink']): Promise<Buffer> =>
    persistently(object, url, async ({ url, headers }) => {
      const answer = await http.call({
        url,
        method: 'GET',
        headers,
        timeoutMs: silenceMs,
        maxAnswerBytes: Math.max(bytes, 64 * 1024),
        ...(sink && { sink }),
      });
      if (answer.status !== 200) throw failure('read', object, answer.status);
      return answer.body;
    });

  /** Resolves with false when an object of this name exists. */
  async function put(
    url: SignedUrl | undefined,
    object: string,
    body: NonNullable<HttpCall['body']>,
  ): Promise<boolean> {
    return await persistently(object, url, async ({ url, headers }) => {
      const { status } = await http.call({
        url,
        method: 'PUT',
        headers,
        body,
        timeoutMs: silenceMs,
        maxAnswerBytes: 64 * 1024,
      });
      // 412: it exists. Its name carries its hash or its launch, so what exists is this, stored by an earlier attempt.
      if (status !== 200 && status !== 412) throw failure('write', object, status);
      return status === 200;
    });
  }

  return {
    async read(refs) {
      const urls = await urlsToRead(refs.map(({ object }) => object));
      const found = await inParallel(refs, async (ref) => [ref.object, await get(urls[ref.object], ref)] as const);
      return new Map(found);
    },
    async write(objects) {
      let wanted = [...objects];
      while (wanted.length > 0) {
        const urls = await urlsToWrite(wanted.map(([name]) => name));
        const made = await inParallel(wanted, ([name, bytes]) => put(urls[name], name, bytes));
        // What lay there before this lease may be about to be removed as something that nobody needs.
        const there = wanted.filter((_, index) => !made[index]);
        const missing = new Set(await keep(there.map(([name]) => name)));
        wanted = there.filter(([name]) => missing.has(name));
      }
    },
    async download(ref, path) {
      const urls = await urlsToRead([ref.object]);
      await get(urls[ref.object], ref, (body) => writeVerified(body, ref, path));
    },
    async upload(object, { path, bytes }) {
      const urls = await urlsToWrite([object]);
      await put(urls[object], object, { open: () => createReadStream(path), bytes });
    },
    close: () => http.close(),
  };
}

async function writeVerified(body: AsyncIterable<Buffer>, ref: ObjectRef, path: string): Promise<void> {
  const hash = createHash('sha256');
  const file = await open(path, 'w', 0o600);
  try {
    for await (const chunk of body) {
      hash.update(chunk);
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  if (hash.digest('hex') !== ref.sha256) {
    throw new PipelineError('workspace/corrupt', `${ref.object} does not have the hash ${ref.sha256}`);
  }
}

async function askInParts(
  names: readonly string[],
  ask: (part: readonly string[]) => Promise<Readonly<Record<string, SignedUrl>>>,
): Promise<Record<string, SignedUrl>> {
  const urls: Record<string, SignedUrl> = {};
  for (let start = 0; start < names.length; start += urlsPerCall) {
    Object.assign(urls, await ask(names.slice(start, start + urlsPerCall)));
  }
  return urls;
}

async function persistently<T>(
  object: string,
  url: SignedUrl | undefined,
  attempt: (url: SignedUrl) => Promise<T>,
): Promise<T> {
  if (url === undefined) throw new PipelineError('google/denied', `no URL was signed for ${object}`);
  return await pRetry(() => attempt(url), {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 100,
    maxTimeout: 5_000,
    randomize: true,
    maxRetryTime: patienceMs,
    shouldRetry: ({ error }) => error instanceof PipelineError && error.retryable,
  });
}

/** Cloud Storage's answers (https://cloud.google.com/storage/docs/json_api/v1/status-codes). */
const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'google/invalid',
  401: 'google/denied',
  403: 'google/denied',
  404: 'google/not-found',
  408: 'google/unavailable',
  429: 'google/quota',
};

function failure(what: 'read' | 'write', object: string, status: number): PipelineError {
  const code = codeOfStatus[status] ?? (status >= 500 ? 'google/unavailable' : 'google/failed');
  return new PipelineError(code, `${what} ${object}: status ${status}`);
}

/** Results in the order of the items; the first failure is thrown once none is under way any more. */
async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(items[at] as T);
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(parallel, items.length) }, worker));
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return results;
}
