import { describe, expect, it } from '@jest/globals';
import { parseMultipartUpload } from '../../../local/storage/multipart.ts';

const type = 'multipart/related; boundary=xyz';
const metadataPart = '--xyz\r\nContent-Type: application/json\r\n\r\n{"name":"a"}\r\n';
const body = (media: string) =>
  Buffer.from(`${metadataPart}--xyz\r\nContent-Type: text/plain\r\n\r\n${media}\r\n--xyz--\r\n`);

describe('a multipart upload', () => {
  it('is two parts: metadata and media with its type', () => {
    expect(parseMultipartUpload(type, body('hello'))).toEqual({
      kind: 'parsed',
      metadataJson: '{"name":"a"}',
      mediaType: 'text/plain',
      content: Buffer.from('hello'),
    });
  });

  it.each([
    'multipart/related; boundary="xyz"',
    'Multipart/Related;type="application/json"; boundary=xyz; x=y',
    "multipart/related; boundary='xyz'",
  ])('finds its boundary in %s', (contentType) => {
    expect(parseMultipartUpload(contentType, body('hello'))).toMatchObject({ content: Buffer.from('hello') });
  });

  it.each([
    ['is empty', ''],
    ['ends with line breaks', 'text\r\n\r\n'],
    ['looks like the boundary without the line break', 'a--xyz--b'],
    ['holds blank lines', '\r\n\r\n'],
  ])('keeps media that %s byte for byte', (_what, media) => {
    expect(parseMultipartUpload(type, body(media))).toMatchObject({ content: Buffer.from(media) });
  });

  it('may have a boundary with apostrophes of its own', () => {
    const quoted = Buffer.from(body('hello').toString().replaceAll('--xyz', "--'xyz'"));
    expect(parseMultipartUpload("multipart/related; boundary='xyz'", quoted)).toMatchObject({
      content: Buffer.from('hello'),
    });
  });

  it('may end its lines with LF alone, and keeps CRLF in its media then', () => {
    const lines = body('MEDIA').toString().replaceAll('\r\n', '\n').replace('MEDIA', '\na\r\n\r\nb\r\n');
    expect(parseMultipartUpload(type, Buffer.from(lines))).toEqual({
      kind: 'parsed',
      metadataJson: '{"name":"a"}',
      mediaType: 'text/plain',
      content: Buffer.from('\na\r\n\r\nb\r\n'),
    });
  });

  it('skips a preamble', () => {
    const withPreamble = Buffer.concat([Buffer.from('preamble\r\n'), body('hello')]);
    expect(parseMultipartUpload(type, withPreamble)).toMatchObject({ content: Buffer.from('hello') });
  });

  it('has no media type when the part names none', () => {
    const untyped = Buffer.from(`${metadataPart}--xyz\r\n\r\nhello\r\n--xyz--`);
    expect(parseMultipartUpload(type, untyped)).toMatchObject({ mediaType: null, content: Buffer.from('hello') });
  });

  it.each([
    ['without a boundary', 'multipart/related', body('x'), 'boundary parameter'],
    ['of another type', 'text/plain; boundary=xyz', body('x'), 'multipart/related'],
    ['with no part', type, Buffer.from('nothing'), 'no part'],
    ['cut off in the metadata', type, Buffer.from('--xyz\r\n\r\n{}'), 'metadata part'],
    ['cut off in the media', type, Buffer.from(`${metadataPart}--xyz\r\n\r\nhel`), 'media part'],
    [
      'with a part whose headers never end',
      type,
      Buffer.from('--xyz\r\n{}\r\n--xyz\r\n\r\nx\r\n--xyz--'),
      'blank line',
    ],
    [
      'with a third part',
      type,
      Buffer.from(`${metadataPart}--xyz\r\n\r\nx\r\n--xyz\r\n\r\ny\r\n--xyz--`),
      'exactly two',
    ],
  ])('%s is refused', (_what, contentType, bytes, problem) => {
    expect(parseMultipartUpload(contentType, bytes)).toEqual({
      kind: 'invalid',
      problem: expect.stringContaining(problem),
    });
  });
});
