import { createHash } from 'node:crypto';
import { type Random, seededRandom, wholeNumber } from '../seeded-random.ts';
import { type KillWriters, repeatUntilKilled } from './kill-loop.ts';

const quantumBytes = 256 * 1024;
const bucketPath = '/storage/v1/b/killed';
const uploadPath = '/upload/storage/v1/b/killed/o';
const objectWriters = 3;
const namesPerWriter = 4;
const uploaders = 2;
/** Above and below what one piece of a file takes. */
const sizes = [0, 10, 5000, 300_000, 1_500_000];

/** Digest of an object's bytes; null when there is none. */
type Stored = string | null;

interface KnownObject {
  acknowledged: Stored;
  /** What a request that was not answered would have made of it. */
  unanswered: { readonly outcome: Stored } | null;
}

/** A resumable upload in chunks of a quantum each, under way. */
interface Upload {
  readonly name: string;
  readonly session: string;
  readonly content: Buffer;
  acknowledgedBytes: number;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

async function send(port: number, method: string, path: string, body?: Buffer, range?: string): Promise<Answer> {
  const headers = range === undefined ? {} : { 'content-range': range };
  const init = body === undefined ? {} : { body: new Uint8Array(body) };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, redirect: 'manual', ...init });
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
}

/** Clients that write, delete and upload in chunks. */
export function createStorageWriters(seed: number) {
  const random = seededRandom(seed);
  const objects = new Map<string, KnownObject>();
  const uploads: (Upload | null)[] = Array.from({ length: uploaders }, () => null);
  const counts = { prepared: 0, objects: 0, deletions: 0, chunks: 0, uploads: 0 };
  const refusals: string[] = [];

  const expectStatus = (what: string, { status, body }: Answer, wanted: number) => {
    if (status !== wanted) refusals.push(`${what}: ${status} ${body}`);
  };
  const knownObject = (name: string): KnownObject => {
    const known = objects.get(name) ?? { acknowledged: null, unanswered: null };
    objects.set(name, known);
    return known;
  };
  /** Sends a request that changes an object; what it made of it is known once it is answered. */
  const change = async (name: string, outcome: Stored, request: () => Promise<Answer>): Promise<Answer> => {
    const known = knownObject(name);
    known.unanswered = { outcome };
    const answer = await request();
    known.acknowledged = outcome;
    known.unanswered = null;
    return answer;
  };

  async function writeObject(port: number, writer: number): Promise<void> {
    const name = `object-${writer}-${wholeNumber(random, 1, namesPerWriter)}`;
    if (knownObject(name).acknowledged !== null && random() < 0.25) {
      const answer = await change(name, null, () => send(port, 'DELETE', `${bucketPath}/o/${name}`));
      expectStatus(`deletion of ${name}`, answer, 204);
      counts.deletions += 1;
      return;
    }
    const content = Buffer.alloc(sizes[wholeNumber(random, 0, sizes.length - 1)] ?? 0, `${name} ${random()} `);
    const path = `${uploadPath}?uploadType=media&name=${name}`;
    expectStatus(name, await change(name, digestOf(content), () => send(port, 'POST', path, content)), 200);
    counts.objects += 1;
  }

  async function uploadChunk(port: number, uploader: number): Promise<void> {
    const upload = uploads[uploader];
    if (upload == null) {
      uploads[uploader] = await startUpload(port, `upload-${uploader}-${wholeNumber(random, 1, namesPerWriter)}`);
      return;
    }
    const { name, session, content, acknowledgedBytes: start } = upload;
    const end = start + quantumBytes;
    const chunk = content.subarray(start, end);
    if (end < content.length) {
      const answer = await send(port, 'PUT', session, chunk, `bytes ${start}-${end - 1}/*`);
      expectStatus(`chunk at ${start} of ${name}`, answer, 308);
      upload.acknowledgedBytes = end;
      counts.chunks += 1;
      return;
    }
    // All of the last chunk may have been taken in without an answer.
    const sent = chunk.length === 0 ? '*' : `${start}-${content.length - 1}`;
    const range = `bytes ${sent}/${content.length}`;
    const answer = await change(name, digestOf(content), () => send(port, 'PUT', session, chunk, range));
    expectStatus(`last chunk of ${name}`, answer, 200);
    uploads[uploader] = null;
    counts.uploads += 1;
  }

  async function startUpload(port: number, name: string): Promise<Upload> {
    const { headers } = await send(port, 'POST', `${uploadPath}?uploadType=resumable&name=${name}`);
    const session = (headers.get('location') ?? '').replace(/^http:\/\/[^/]+/, '');
    return { name, session, content: uploadContent(random, name), acknowledgedBytes: 0 };
  }

  async function findLostObject(port: number, name: string, known: KnownObject): Promise<readonly string[]> {
    const { status, body } = await send(port, 'GET', `${bucketPath}/o/${name}?alt=media`);
    const found = status === 404 ? null : digestOf(body);
    const possible = [known.acknowledged, ...(known.unanswered === null ? [] : [known.unanswered.outcome])];
    objects.set(name, { acknowledged: found, unanswered: null });
    const isKept = status === 404 || status === 200 ? possible.includes(found) : false;
    return isKept
      ? []
      : [
          `${name}: found ${body.length} byte(s) with status ${status}, other than acknowledged: ${body.subarray(0, 300)}`,
        ];
  }

  /** Asks how much of the upload is there, and goes on from that. */
  async function findLostChunks(port: number, uploader: number): Promise<readonly string[]> {
    const upload = uploads[uploader];
    if (upload == null) return [];
    const { name, content, acknowledgedBytes } = upload;
    const { status, headers } = await send(port, 'PUT', upload.session, Buffer.alloc(0), 'bytes */*');
    const isLast = acknowledgedBytes + quantumBytes >= content.length;
    if (isLast && status === 200) {
      // Who is told that the upload has ended finds its object.
      objects.set(name, { acknowledged: digestOf(content), unanswered: null });
      uploads[uploader] = null;
      return [];
    }
    const range = headers.get('range');
    const received = range === null ? 0 : Number(range.replace('bytes=0-', '')) + 1;
    upload.acknowledgedBytes = received;
    const isKept = status === 308 && received >= acknowledgedBytes && received <= acknowledgedBytes + quantumBytes;
    if (isKept) return [];
    return [`${name}: ${status} with ${received} byte(s) received, acknowledged were ${acknowledgedBytes}`];
  }

  const killWriters: KillWriters<number> = {
    async check(port) {
      if (counts.prepared === 0) {
        expectStatus(
          'the bucket',
          await send(port, 'POST', '/storage/v1/b?project=p', Buffer.from('{"name":"killed"}')),
          200,
        );
        counts.prepared = 1;
      }
      const lost = refusals.splice(0);
      for (let uploader = 0; uploader < uploaders; uploader += 1) lost.push(...(await findLostChunks(port, uploader)));
      for (const [name, known] of objects) lost.push(...(await findLostObject(port, name, known)));
      return lost;
    },
    async write(port, life) {
      const writing = Array.from({ length: objectWriters }, (_, writer) =>
        repeatUntilKilled(life, () => writeObject(port, writer)),
      );
      const uploading = uploads.map((_, uploader) => repeatUntilKilled(life, () => uploadChunk(port, uploader)));
      await Promise.all([...writing, ...uploading]);
    },
  };
  return { ...killWriters, counts: () => ({ ...counts }) };
}

/** Two to twelve quanta, each with bytes of its own. */
function uploadContent(random: Random, name: string): Buffer {
  const quanta = Array.from({ length: wholeNumber(random, 2, 12) }, (_, index) =>
    Buffer.alloc(quantumBytes, `quantum ${index} of ${name} ${random()} `),
  );
  return Buffer.concat(quanta);
}
