/** What one PUT to a resumable upload says about its bytes. */
export type UploadRange =
  | { readonly kind: 'bytes'; readonly start: number; readonly end: number | null; readonly totalBytes: number | null }
  | { readonly kind: 'status'; readonly totalBytes: number | null }
  | { readonly kind: 'invalid'; readonly problem: string };

/**
 * Reads the `Content-Range` of an upload. Without the header the body is the whole object.
 * `end` null (an asterisk in its place) means that the end of the body is the end of the object.
 */
export function parseUploadRange(header: string | undefined): UploadRange {
  if (header === undefined) return { kind: 'bytes', start: 0, end: null, totalBytes: null };
  const value = header.trim();

  const status = /^bytes \*\/(\*|\d+)$/.exec(value);
  if (status !== null) return { kind: 'status', totalBytes: numberOrNull(status[1]) };

  const bytes = /^bytes (\d+)-(\*|\d+)\/(\*|\d+)$/.exec(value);
  if (bytes === null) return { kind: 'invalid', problem: `Failed to parse Content-Range header: "${value}".` };

  const start = Number(bytes[1]);
  const end = numberOrNull(bytes[2]);
  const totalBytes = numberOrNull(bytes[3]);
  // `bytes 0--1/0` does not exist: an empty object ends with `bytes */0`, so an end before the start is always a mistake.
  if (end !== null && end < start)
    return { kind: 'invalid', problem: `Content-Range ends before it starts: "${value}".` };
  if (end !== null && totalBytes !== null && end >= totalBytes) {
    return { kind: 'invalid', problem: `Content-Range ends after the total size: "${value}".` };
  }
  return { kind: 'bytes', start, end, totalBytes };
}

function numberOrNull(digits: string | undefined): number | null {
  return digits === undefined || digits === '*' ? null : Number(digits);
}
