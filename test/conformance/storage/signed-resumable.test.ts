import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { outcomeOf, refused, type SigningFixture, startSigningFixture } from './signing-fixture.ts';

describe('a resumable upload that is started by a signed URL', () => {
  let fixture: SigningFixture;
  let name: string;
  beforeAll(async () => {
    fixture = await startSigningFixture();
  });
  afterAll(() => fixture.close());
  beforeEach(async () => {
    name = await fixture.anObject();
  });

  async function start(extra: Record<string, string> = {}): Promise<Response> {
    const url = await fixture.sign(name, 'resumable', { extensionHeaders: extra });
    return fetch(url, { method: 'POST', headers: { 'x-goog-resumable': 'start', ...extra } });
  }
  const put = (session: string, contentRange: string, body: string) =>
    fetch(session, { method: 'PUT', headers: { 'content-range': contentRange }, body });

  it('answers 201 with a session that takes the bytes without a signature', async () => {
    const started = await start({ 'x-goog-meta-owner': 'me' });
    const session = started.headers.get('location') ?? '';
    const finished = await put(session, 'bytes 0-10/11', 'new content');
    const [metadata] = await fixture.bucket.file(name).getMetadata();
    expect([started.status, finished.status]).toEqual([201, 200]);
    expect(finished.headers.get('x-goog-generation')).toBe(metadata.generation);
    expect(metadata).toMatchObject({ size: '11', metadata: { owner: 'me' } });
  });

  it('outlives the signed URL', async () => {
    const session = (await start()).headers.get('location') ?? '';
    fixture.clock.advance(60 * 60_000);
    const finished = await put(session, 'bytes 0-4/5', 'later');
    expect(finished.status).toBe(200);
  });

  it('holds the object to the size range of its start', async () => {
    const session = (await start({ 'x-goog-content-length-range': '0,4' })).headers.get('location') ?? '';
    const response = await put(session, 'bytes 0-4/5', 'hello');
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('EntityTooLarge')]);
  });

  it('is refused at its start when the object exists under x-goog-if-generation-match 0', async () => {
    const response = await start({ 'x-goog-if-generation-match': '0' });
    expect(response.status).toBe(412);
  });

  it('needs the header that says so to be sent', async () => {
    const url = await fixture.sign(name, 'resumable');
    expect(await outcomeOf(url, { method: 'POST' })).toEqual(
      refused(400, 'MalformedSecurityHeader', 'x-goog-resumable'),
    );
  });

  it('answers 404 NoSuchUpload for a session that was never started', async () => {
    const url = `${fixture.origin}/signed/${encodeURIComponent(name)}?upload_id=made-up`;
    expect(await outcomeOf(url, { method: 'PUT', body: 'x' })).toEqual(refused(404, 'NoSuchUpload', ''));
  });
});
