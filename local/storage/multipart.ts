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
  const boundary = readBoundary(contentType, body);
  if (boundary === null) {
    return { kind: 'invalid', problem: 'Content-Type must be multipart/related with a boundary parameter.' };
  }
  // The line break before a delimiter belongs to the delimiter, and the first delimiter may open the body.
  const opening = Buffer.from(`--${boundary}`, 'latin1');
  const lineBreak = findLineBreak(body, opening);
  const delimiter = Buffer.concat([Buffer.from(lineBreak), opening]);
  const opensBody = body.subarray(0, opening.length).equals(opening);
  const firstAt = opensBody ? -lineBreak.length : body.indexOf(delimiter);
  if (firstAt === -1 && !opensBody)
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

  const metadata = splitPart(body.subarray(metadataStart, metadataEnd), lineBreak);
  const media = splitPart(body.subarray(contentStart, contentEnd), lineBreak);
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

/** The client library under Google's command line puts the boundary in apostrophes, which may also be part of one. */
function readBoundary(contentType: string | undefined, body: Buffer): string | null {
  const match = /^multipart\/related\s*;.*?\bboundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType ?? '');
  const given = match?.[1] ?? match?.[2] ?? null;
  const [, inner] = /^'(.+)'$/.exec(given ?? '') ?? [];
  return inner === undefined || body.includes(`--${given}`, 0, 'latin1') ? given : inner;
}

/** That library ends its lines with LF alone, as Google lets it; whoever does so with the first line does so with all. */
function findLineBreak(body: Buffer, opening: Buffer): '\r\n' | '\n' {
  const first = body.indexOf(opening);
  const lineEnd = body.indexOf('\n', first);
  return first !== -1 && lineEnd !== -1 && body[lineEnd - 1] !== 0x0d ? '\n' : '\r\n';
}

/** `part` begins with what follows the boundary: padding, a line break, headers, a blank line, the body. */
function splitPart(part: Buffer, lineBreak: string): { headers: string; content: Buffer } | null {
  const blankLine = lineBreak.repeat(2);
  const headersEnd = part.indexOf(blankLine, 0, 'latin1');
  if (headersEnd === -1) return null;
  return {
    headers: part.subarray(0, headersEnd).toString('latin1'),
    content: part.subarray(headersEnd + blankLine.length),
  };
}

function readHeader(headers: string, name: string): string | null {
  for (const line of headers.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon !== -1 && line.slice(0, colon).trim().toLowerCase() === name) return line.slice(colon + 1).trim();
  }
  return null;
}
