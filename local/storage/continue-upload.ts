import { parseUploadRange } from './content-range.ts';
import { type ExpectedDigests, readExpectedDigests } from './object-digests.ts';
import type { ObjectRecord } from './object-store.ts';
import { type Answer, headerText, type StorageCall } from './storage-call.ts';
import { badDigest, invalidArgument, StorageError } from './storage-error.ts';
import type { StorageState } from './storage-state.ts';
import type { LengthRange, UploadSession } from './upload-sessions.ts';
import { writeObject } from './write-object.ts';

export type UploadProgress =
  | { readonly kind: 'incomplete'; readonly receivedBytes: number }
  | { readonly kind: 'finished'; readonly record: ObjectRecord };

/** Cloud Storage keeps the bytes of an unfinished upload in multiples of this; the rest of a chunk is to be sent again. */
const quantumBytes = 256 * 1024;

/** Takes one PUT to a session. Bytes that the session already has are skipped; a body that breaks off changes nothing. */
export async function continueUpload(
  state: StorageState,
  session: UploadSession,
  call: StorageCall,
): Promise<UploadProgress> {
  const range = parseUploadRange(headerText(call.headers, 'content-range'));
  if (range.kind === 'invalid')
    throw invalidArgument(range.problem, { locationType: 'header', location: 'Content-Range' });
  const body = await call.readBody();
  if (session.finished !== null) return { kind: 'finished', record: session.finished };

  if (range.kind === 'status') {
    if (range.totalBytes !== session.receivedBytes) return incomplete(session);
    return finish(state, session, [], readExpectedDigests(call.headers));
  }

  const { start, end, totalBytes } = range;
  if (end !== null && body.length !== end - start + 1) {
    throw invalidArgument(`Content-Range announces ${end - start + 1} byte(s), the body has ${body.length}.`);
  }
  if (start > session.receivedBytes) throw offsetAhead(start, session.receivedBytes);
  const fresh = body.subarray(Math.min(session.receivedBytes - start, body.length));

  const isLast = end === null || end + 1 === totalBytes;
  if (!isLast) {
    keepWholeQuanta(session, fresh);
    return incomplete(session);
  }
  const finalBytes = start + body.length;
  const promised = totalBytes ?? session.declaredBytes;
  if (promised !== null && promised !== finalBytes) {
    throw invalidArgument(`The upload ends at ${finalBytes} byte(s), but ${promised} were announced.`);
  }
  if (finalBytes < session.receivedBytes) {
    throw invalidArgument(`The upload ends at ${finalBytes} byte(s), but ${session.receivedBytes} have been received.`);
  }
  return finish(state, session, [fresh], readExpectedDigests(call.headers));
}

function keepWholeQuanta(session: UploadSession, fresh: Buffer): void {
  const reached = session.receivedBytes + fresh.length;
  const kept = fresh.subarray(0, Math.max(0, reached - (reached % quantumBytes) - session.receivedBytes));
  if (kept.length === 0) return;
  session.chunks.push(kept);
  session.receivedBytes += kept.length;
}

/** A refusal here (412, a wrong checksum) ends the session: its bytes can never become the object. */
function finish(state: StorageState, session: UploadSession, rest: Buffer[], sent: ExpectedDigests): UploadProgress {
  const { bucket, name, fields, preconditions, expected, allowedBytes } = session;
  try {
    const content = Buffer.concat([...session.chunks, ...rest]);
    if (allowedBytes !== null) requireAllowedLength(content.length, allowedBytes);
    const digests = { crc32c: sent.crc32c ?? expected.crc32c, md5: sent.md5 ?? expected.md5 };
    requireAgreement(sent, expected);
    const record = writeObject(state, {
      bucket,
      name,
      fields,
      content,
      preconditions,
      expected: digests,
      componentCount: null,
    });
    session.finished = record;
    session.receivedBytes = content.length;
    return { kind: 'finished', record };
  } catch (error) {
    state.sessions.remove(session.id);
    throw error;
  } finally {
    session.chunks = [];
  }
}

function requireAgreement(sent: ExpectedDigests, declared: ExpectedDigests): void {
  for (const kind of ['crc32c', 'md5'] as const) {
    if (sent[kind] !== null && declared[kind] !== null && sent[kind] !== declared[kind]) {
      throw badDigest(`The upload was started with ${kind} "${declared[kind]}" and ended with "${sent[kind]}".`);
    }
  }
}

export function requireAllowedLength(bytes: number, { minBytes, maxBytes }: LengthRange): void {
  const refuse = (code: string, message: string): StorageError =>
    new StorageError({ status: 400, reason: 'invalid', code, message, xml: { Details: `Content-length: ${bytes}` } });
  if (bytes < minBytes) {
    throw refuse(
      'EntityTooSmall',
      `Your proposed upload is smaller than the minimum object size of ${minBytes} bytes.`,
    );
  }
  if (bytes > maxBytes) {
    throw refuse('EntityTooLarge', `Your proposed upload exceeds the maximum object size of ${maxBytes} bytes.`);
  }
}

function incomplete(session: UploadSession): UploadProgress {
  return { kind: 'incomplete', receivedBytes: session.receivedBytes };
}

/** Google answers 503 here: clients then ask for the offset and go on from it. */
function offsetAhead(offset: number, receivedBytes: number): StorageError {
  return new StorageError({
    status: 503,
    reason: 'backendError',
    code: 'ServiceUnavailable',
    message: `Invalid request. Content-Range begins at byte ${offset}, but only ${receivedBytes} byte(s) have been received.`,
  });
}

/** "Resume Incomplete". Clients that cannot take a 308 say so and get the same in a 200. */
export function incompleteAnswer(receivedBytes: number, call: StorageCall): Answer {
  const range = receivedBytes === 0 ? {} : { range: `bytes=0-${receivedBytes - 1}` };
  if (call.headers['x-guploader-no-308'] === undefined) return { status: 308, headers: range };
  return { status: 200, headers: { ...range, 'x-http-status-code-override': '308' } };
}
