import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';
import { type StorageFixture, startStorageFixture } from './storage-fixture.ts';

const weekMs = 7 * 24 * 60 * 60 * 1000;

describe('soft delete', () => {
  let clock: ManualClock;
  let fixture: StorageFixture;
  beforeAll(async () => {
    clock = createManualClock();
    fixture = await startStorageFixture(clock);
  });
  afterAll(() => fixture.close());

  async function aBucket(name: string, retentionSeconds?: number) {
    const bucket = fixture.storage.bucket(name);
    const policy =
      retentionSeconds === undefined ? {} : { softDeletePolicy: { retentionDurationSeconds: retentionSeconds } };
    await bucket.create(policy);
    return bucket;
  }
  const softDeletedNames = async (name: string) =>
    (await fixture.storage.bucket(name).getFiles({ softDeleted: true }))[0].map((file) => file.name);

  it('is on for a week unless a bucket says otherwise', async () => {
    const bucket = await aBucket('by-default');
    const [metadata] = await bucket.getMetadata();
    expect(metadata.softDeletePolicy).toEqual({
      retentionDurationSeconds: '604800',
      effectiveTime: new Date(clock.now()).toISOString(),
    });
  });

  it('keeps deleted and overwritten contents, which ordinary listings do not show', async () => {
    const bucket = await aBucket('kept');
    await bucket.file('a').save('first', { resumable: false });
    await bucket.file('a').save('second', { resumable: false });
    await bucket.file('a').delete();
    expect(await softDeletedNames('kept')).toEqual(['a', 'a']);
    expect((await bucket.getFiles())[0]).toEqual([]);
  });

  it('shows when a content was deleted and when it will be gone', async () => {
    const bucket = await aBucket('dated');
    await bucket.file('a').save('content', { resumable: false });
    await bucket.file('a').delete();
    const [[file]] = await bucket.getFiles({ softDeleted: true });
    expect(file?.metadata).toMatchObject({
      softDeleteTime: new Date(clock.now()).toISOString(),
      hardDeleteTime: new Date(clock.now() + weekMs).toISOString(),
    });
  });

  it('restores a content by its generation, under a new one', async () => {
    const bucket = await aBucket('restored');
    const file = bucket.file('a');
    await file.save('precious', { resumable: false, contentType: 'text/plain' });
    const [{ generation = 0 }] = await file.getMetadata();
    await file.delete();
    await file.restore({ generation: Number(generation) });
    const [metadata] = await file.getMetadata();
    expect((await file.download())[0].toString()).toBe('precious');
    expect(metadata.contentType).toBe('text/plain');
    expect(Number(metadata.generation)).toBeGreaterThan(Number(generation));
  });

  it('does not restore over an object under ifGenerationMatch 0', async () => {
    const bucket = await aBucket('not-over');
    const file = bucket.file('a');
    await file.save('first', { resumable: false });
    const [{ generation = 0 }] = await file.getMetadata();
    await file.save('second', { resumable: false });
    await expect(file.restore({ generation: Number(generation), ifGenerationMatch: 0 })).rejects.toMatchObject({
      code: 412,
    });
  });

  it('does not restore a generation that was never deleted', async () => {
    const bucket = await aBucket('never');
    await expect(bucket.file('a').restore({ generation: 1 })).rejects.toMatchObject({ code: 404 });
  });

  it('keeps a content to the last millisecond of its week', async () => {
    const bucket = await aBucket('ending');
    await bucket.file('a').save('content', { resumable: false });
    await bucket.file('a').delete();
    clock.advance(weekMs - 1);
    expect(await softDeletedNames('ending')).toEqual(['a']);
    clock.advance(1);
    expect(await softDeletedNames('ending')).toEqual([]);
  });

  it('keeps nothing in a bucket where it is off', async () => {
    const bucket = await aBucket('off', 0);
    await bucket.file('a').save('content', { resumable: false });
    await bucket.file('a').delete();
    expect(await softDeletedNames('off')).toEqual([]);
  });

  it('keeps nothing more once it is turned off', async () => {
    const bucket = await aBucket('turned-off');
    await bucket.setMetadata({ softDeletePolicy: { retentionDurationSeconds: 0 } });
    await bucket.file('a').save('content', { resumable: false });
    await bucket.file('a').delete();
    expect(await softDeletedNames('turned-off')).toEqual([]);
  });

  it.each([604799, 7776001, 1.5])('cannot be set to %d seconds', async (seconds) => {
    await expect(aBucket('wrong-policy', seconds)).rejects.toMatchObject({
      code: 400,
      message: expect.stringContaining('softDeletePolicy.retentionDurationSeconds'),
    });
  });

  it.each([604800, 7776000])('can be set to %d seconds', async (seconds) => {
    await expect(aBucket(`policy-${seconds}`, seconds)).resolves.toBeDefined();
  });
});
