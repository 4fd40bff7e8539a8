import { randomInt } from 'node:crypto';

const quantumBytes = 256 * 1024;
const bucketPath = '/storage/v1/b/killed';
const uploadPath = '/upload/storage/v1/b/killed/o';
const objectWriters = 3;
const namesPerWriter = 4;
/** Above and below what one piece of a file takes. */
const sizes = [0, 10, 5000, 300_000, 1_500_000];

/** Bytes of an object; null when there is none. */
type Stored = Buffer | null;

interface KnownObject {
  acknowledged: Stored;
  /** What a request that was not answered would have made of it. */
  unanswered: { readonly outcome: Stored } | null;
}

/** Clients that write, delete and upload at once, and know what the server has acknowledged. */
export function startKillWriters() {
  const objects = new Map<string, KnownObject>();
  let session = '';
  let uploadedBytes = 0;
  let acknowledged = 0;
  const refusals: string[] = [];

  const send = async (origin: string, method: string, path: string, body?: Buffer, range?: string) => {
    const headers = range === undefined ? {} : { 'content-range': range };
    const init = body === undefined ? {} : { body: new Uint8Array(body) };
    const response = await fetch(`${origin}${path}`, { method, headers, redirect: 'manual', ...init });
    return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
  };
  const read = async (origin: string, name: string): Promise<Stored> => {
    const { status, body } = await send(origin, 'GET', `${bucketPath}/o/${name}?alt=media`);
    return status === 404 ? null : body;
  };
  const receivedBytes = async (origin: string): Promise<number> => {
    const { headers } = await send(origin, 'PUT', session, Buffer.alloc(0), 'bytes */*');
    return Number(/-(\d+)$/.exec(headers.get('range') ?? '-0')?.[1]) + (headers.has('range') ? 1 : 0);
  };

  async function writeObject(origin: string, name: string, count: number): Promise<void> {
    const known = objects.get(name) ?? { acknowledged: null, unanswered: null };
    objects.set(name, known);
    const deletes = known.acknowledged !== null && randomInt(4) === 0;
    const content = deletes ? null : Buffer.alloc(sizes[randomInt(sizes.length)] ?? 0, `${name}/${count} `);
    known.unanswered = { outcome: content };
    const { status, body } =
      content === null
        ? await send(origin, 'DELETE', `${bucketPath}/o/${name}`)
        : await send(origin, 'POST', `${uploadPath}?uploadType=media&name=${name}`, content);
    if (status >= 300) refusals.push(`${name}: ${status} ${body}`);
    known.acknowledged = content;
    known.unanswered = null;
  }

  async function sendChunk(origin: string): Promise<void> {
    const chunk = partOfUpload(uploadedBytes, uploadedBytes + quantumBytes);
    const range = `bytes ${uploadedBytes}-${uploadedBytes + quantumBytes - 1}/*`;
    const { status, body } = await send(origin, 'PUT', session, chunk, range);
    if (status !== 308) refusals.push(`chunk at ${uploadedBytes}: ${status} ${body}`);
    uploadedBytes += quantumBytes;
  }

  return {
    acknowledged: () => acknowledged,
    async prepare(origin: string): Promise<void> {
      await send(origin, 'POST', '/storage/v1/b?project=p', Buffer.from('{"name":"killed"}'));
      const { headers } = await send(origin, 'POST', `${uploadPath}?uploadType=resumable&name=uploaded`);
      session = (headers.get('location') ?? '').slice(origin.length);
    },
    /** Writes without a pause, and calls `kill` in the middle of it, at the given number of acknowledgements. */
    async writeUntilKilled(origin: string, acknowledgements: number, kill: () => void): Promise<void> {
      const killAt = acknowledged + acknowledgements;
      let alive = true;
      const repeat = async (write: (count: number) => Promise<void>) => {
        for (let count = 0; alive; count++) {
          try {
            await write(acknowledged + count);
          } catch {
            return; // The connection broke: the server is gone.
          }
          acknowledged++;
          if (acknowledged >= killAt && alive) {
            alive = false;
            kill();
          }
        }
      };
      const writers = Array.from({ length: objectWriters }, (_, writer) =>
        repeat((count) => writeObject(origin, `object-${writer}-${count % namesPerWriter}`, count)),
      );
      await Promise.all([...writers, repeat(() => sendChunk(origin))]);
    },
    /** What was acknowledged and is not there, in words. What was not answered may have happened or not. */
    async findLost(origin: string): Promise<readonly string[]> {
      const lost = refusals.splice(0);
      for (const [name, known] of objects) {
        const found = await read(origin, name);
        const possible = [known.acknowledged, ...(known.unanswered === null ? [] : [known.unanswered.outcome])];
        if (!possible.some((stored) => isSame(found, stored))) {
          lost.push(`${name}: found ${found?.length}, acknowledged ${known.acknowledged?.length} byte(s)`);
        }
        objects.set(name, { acknowledged: found, unanswered: null });
      }
      const received = await receivedBytes(origin);
      if (received < uploadedBytes) lost.push(`upload: found ${received}, acknowledged ${uploadedBytes} byte(s)`);
      uploadedBytes = received;
      return lost;
    },
    /** Ends the upload that went through all kills, and compares it byte by byte. */
    async finishUpload(origin: string): Promise<readonly string[]> {
      const { status, body } = await send(origin, 'PUT', session, Buffer.alloc(0), `bytes */${uploadedBytes}`);
      if (status !== 200) return [`end of the upload: ${status} ${body}`];
      const isWhole = isSame(await read(origin, 'uploaded'), partOfUpload(0, uploadedBytes));
      return isWhole ? [] : ['the upload has other bytes than were sent'];
    },
  };
}

const isSame = (a: Stored, b: Stored): boolean => (a === null || b === null ? a === b : a.equals(b));

/** Each quantum has bytes of its own. */
function partOfUpload(start: number, end: number): Buffer {
  const quanta: Buffer[] = [];
  for (let at = start; at < end; at += quantumBytes) quanta.push(Buffer.alloc(quantumBytes, `quantum at ${at} `));
  return Buffer.concat(quanta);
}
