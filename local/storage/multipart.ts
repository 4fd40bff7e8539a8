/** The two parts of a `multipart/related` upload: JSON metadata, then the object's bytes. */
export type MultipartUpload =
  | {
      readonly kind: 'parsed';
      readonly metadataJson: string;
      readonly mediaType: string | null;
      readonly content: Buffer;
    }
  | { readonly kind: 'invalid'; readonly problem: string };

/** Total: whatever arrives, the answer is the two parts or a sentence that says what is wrong. */
export function parseMultipartUpload(contentType: string | undefined, body: Buffer): MultipartUpload {
  const boundary = readBoundary(contentType);
  if (boundary === null) {
    return { kind: 'invalid', problem: 'Content-Type must be multipart/related with a boundary parameter.' };
  }
  // The line break before a delimiter belongs to the delimiter, and the first delimiter may open the body.
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  const opening = delimiter.subarray(2);
  const firstAt = body.subarray(0, opening.length).equals(opening) ? -2 : body.indexOf(delimiter);
  if (firstAt === -1)
    return { kind: 'invalid', problem: `The body has no part that begins with boundary "${boundary}".` };

  const metadataStart = firstAt + delimiter.length;
  const metadataEnd = body.indexOf(delimiter, metadataStart);
  if (metadataEnd === -1) return { kind: 'invalid', problem: 'The metadata part has no closing boundary.' };
  const contentStart = metadataEnd + delimiter.length;
  const contentEnd = body.indexOf(delimiter, contentStart);
  if (contentEnd === -1) return { kind: 'invalid', problem: 'The media part has no closing boundary.' };
  const afterContent = body.subarray(contentEnd + delimiter.length, contentEnd + delimiter.length + 2);
  if (afterContent.toString('latin1') !== '--') {
    return { kind: 'invalid', problem: 'A multipart upload has exactly two parts, metadata and media.' };
  }

  const metadata = splitPart(body.subarray(metadataStart, metadataEnd));
  const media = splitPart(body.subarray(contentStart, contentEnd));
  if (metadata === null || media === null) {
    return { kind: 'invalid', problem: 'A part has no blank line between its headers and its body.' };
  }
  return {
    kind: 'parsed',
    metadataJson: metadata.content.toString('utf8'),
    mediaType: readHeader(media.headers, 'content-type'),
    content: media.content,
  };
}

function readBoundary(contentType: string | undefined): string | null {
  const match = /^multipart\/related\s*;.*?\bboundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType ?? '');
  return match?.[1] ?? match?.[2] ?? null;
}

/** `part` begins with what follows the boundary: padding, a line break, headers, a blank line, the body. */
function splitPart(part: Buffer): { headers: string; content: Buffer } | null {
  const headersEnd = part.indexOf('\r\n\r\n', 0, 'latin1');
  if (headersEnd === -1) return null;
  return { headers: part.subarray(0, headersEnd).toString('latin1'), content: part.subarray(headersEnd + 4) };
}

function readHeader(headers: string, name: string): string | null {
  for (const line of headers.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon !== -1 && line.slice(0, colon).trim().toLowerCase() === name) return line.slice(colon + 1).trim();
  }
  return null;
}
