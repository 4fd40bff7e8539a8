import { randomUUID } from 'node:crypto';
import { Storage } from '@google-cloud/storage';
import { type Measured, rate, scaled } from './measured.ts';

/** Saves and downloads of 1 KB, 16 at once. */
export async function measureStorage(
  projectId: string,
  apiEndpoint: string,
  scale: number,
): Promise<readonly Measured[]> {
  const storage = new Storage({ projectId, apiEndpoint, useAuthWithCustomEndpoint: false });
  const [bucket] = await storage.createBucket(`bench-${randomUUID()}`);
  const bytes = Buffer.alloc(1024, 'x');
  const count = scaled(2000, scale, 32);
  const save = (n: number) => bucket.file(`o${n}`).save(bytes, { resumable: false });
  await save(0);
  return [
    await rate('1 KB saves, 16 parallel', count, 16, save),
    await rate('1 KB downloads, 16 parallel', count, 16, (n) => bucket.file(`o${n}`).download()),
  ];
}
