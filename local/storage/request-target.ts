/** Which of Cloud Storage's surfaces a path belongs to, and what it names there. */
export type RequestTarget =
  | { readonly kind: 'json'; readonly segments: readonly string[] }
  | { readonly kind: 'upload'; readonly segments: readonly string[] }
  | { readonly kind: 'xml'; readonly bucket: string; readonly name: string }
  | { readonly kind: 'invalid'; readonly problem: string };

/**
 * Total. With STORAGE_EMULATOR_HOST the clients leave `/storage/v1` out, so `/b/…` is the JSON API as well; a bucket
 * cannot be called `b`. Everything else is `/{bucket}/{object}`, which signed URLs use: a signature decides first,
 * so a bucket named `upload` or `storage` can be signed for.
 */
export function parseRequestTarget(rawPath: string, query: URLSearchParams): RequestTarget {
  const raw = rawPath.split('/').slice(1);
  const segments: string[] = [];
  for (const segment of raw) {
    const decoded = decodeOrNull(segment);
    if (decoded === null) return { kind: 'invalid', problem: `Malformed percent-encoding in path: ${segment}` };
    segments.push(decoded);
  }

  if (!query.has('X-Goog-Signature') && !query.has('X-Goog-Algorithm')) {
    const [first, second, third] = segments;
    if (first === 'b' || first === 'projects' || first === 'batch') return { kind: 'json', segments };
    if (first === 'storage' && second === 'v1') return { kind: 'json', segments: segments.slice(2) };
    if (first === 'download' && second === 'storage' && third === 'v1')
      return { kind: 'json', segments: segments.slice(3) };
    if (first === 'upload' && second === 'storage' && third === 'v1')
      return { kind: 'upload', segments: segments.slice(3) };
    // The path of resumable uploads in the API's discovery document, which the Google Cloud CLI uses.
    if (rawPath.startsWith('/resumable/upload/storage/v1/')) return { kind: 'upload', segments: segments.slice(4) };
    if (first === 'upload' && second === 'b') return { kind: 'upload', segments: segments.slice(1) };
  }
  return { kind: 'xml', bucket: segments[0] ?? '', name: segments.slice(1).join('/') };
}

function decodeOrNull(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
