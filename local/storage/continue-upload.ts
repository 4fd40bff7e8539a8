import { parseUploadRange } from './content-range.ts';
import { findSession } from './find-session.ts';
import { digestsOf, type ExpectedDigests, readExpectedDigests } from './object-digests.ts';
import type { ObjectRecord } from './object-store.ts';
import { type Answer, headerText, type StorageCall } from './storage-call.ts';
import { badDigest, invalidArgument, StorageError } from './storage-error.ts';
import type { StorageState } from './storage-state.ts';
import type { LengthRange } from './upload-record.ts';
import type { OpenUpload, UploadSession } from './upload-sessions.ts';
import { newContent, writeObject } from './write-object.ts';

export type UploadProgress =
  | { readonly kind: 'incomplete'; readonly receivedBytes: number }
  | { readonly kind: 'finished'; readonly record: ObjectRecord };

/** Cloud Storage keeps the bytes of an unfinished upload in multiples of this; the rest of a chunk is to be sent again. */
const quantumBytes = 256 * 1024;

/** Takes one PUT to a session. Bytes that the session already has are skipped; a body that breaks off changes nothing. */
export async function continueUpload(
  state: StorageState,
  { id }: UploadSession,
  call: StorageCall,
): Promise<UploadProgress> {
  const range = parseUploadRange(headerText(call.headers, 'content-range'));
  if (range.kind === 'invalid')
    throw invalidArgument(range.problem, { locationType: 'header', location: 'Content-Range' });
  const body = await call.readBody();
  // Another request may have cancelled or finished it while the body came in.
  const session = findSession(state, id);
  if (session.finished !== null) return { kind: 'finished', record: session.finished };

  if (range.totalBytes !== null) requirePromised(session, range.totalBytes);
  if (range.kind === 'status') {
    if (range.totalBytes !== session.content.sizeBytes) return incomplete(session);
    return finish(state, session, Buffer.alloc(0), readExpectedDigests(call.headers));
  }
  const receivedBytes = session.content.sizeBytes;

  const { start, end, totalBytes } = range;
  if (end !== null && body.length !== end - start + 1) {
    throw invalidArgument(`Content-Range announces ${end - start + 1} byte(s), the body has ${body.length}.`);
  }
  if (start > receivedBytes) throw offsetAhead(start, receivedBytes);
  const fresh = body.subarray(Math.min(receivedBytes - start, body.length));

  const promised = totalBytes ?? session.declaredBytes;
  const isLast = end === null || end + 1 === promised;
  if (!isLast) {
    if (promised !== null && end >= promised) throw unpromised(end + 1, promised);
    keepWholeQuanta(state, session, fresh);
    return incomplete(session);
  }
  const finalBytes = start + body.length;
  if (promised !== null && promised !== finalBytes) throw unpromised(finalBytes, promised);
  if (finalBytes < receivedBytes) {
    throw invalidArgument(`The upload ends at ${finalBytes} byte(s), but ${receivedBytes} have been received.`);
  }
  return finish(state, session, fresh, readExpectedDigests(call.headers));
}

/**
 * An upload fails when its size is not the one that its start declared
 * (https://cloud.google.com/cpp/docs/reference/storage/latest/structgoogle_1_1cloud_1_1storage_1_1UploadContentLength).
 */
function requirePromised({ declaredBytes }: OpenUpload, totalBytes: number): void {
  if (declaredBytes !== null && totalBytes !== declaredBytes) throw unpromised(totalBytes, declaredBytes);
}

const unpromised = (endBytes: number, promised: number): StorageError =>
  invalidArgument(`The upload ends at ${endBytes} byte(s), but ${promised} were announced.`);

function keepWholeQuanta(state: StorageState, session: OpenUpload, fresh: Buffer): void {
  const { sizeBytes } = session.content;
  const reached = sizeBytes + fresh.length;
  const kept = fresh.subarray(0, Math.max(0, reached - (reached % quantumBytes) - sizeBytes));
  if (kept.length > 0) state.sessions.append(session, kept);
}

/** A refusal here (412, a wrong checksum) ends the session: its bytes can never become the object. */
function finish(state: StorageState, session: OpenUpload, rest: Buffer, sent: ExpectedDigests): UploadProgress {
  const { bucket, name, fields, preconditions, expected, allowedBytes, content } = session;
  try {
    if (allowedBytes !== null) requireAllowedLength(content.sizeBytes + rest.length, allowedBytes);
    const digests = { crc32c: sent.crc32c ?? expected.crc32c, md5: sent.md5 ?? expected.md5 };
    requireAgreement(sent, expected);
    const record = writeObject(state, {
      bucket,
      name,
      fields,
      content: () => {
        // An upload in one request is stored like any other: what is small needs no file.
        if (content.sizeBytes === 0) return newContent(state, rest)();
        state.sessions.append(session, rest);
        return { content, digests: digestsOf(content.pieces()) };
      },
      preconditions,
      expected: digests,
      componentCount: null,
    });
    state.sessions.finish(session, record);
    return { kind: 'finished', record };
  } catch (error) {
    if (error instanceof StorageError) state.sessions.remove(session.id);
    throw error;
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

function incomplete({ content }: OpenUpload): UploadProgress {
  return { kind: 'incomplete', receivedBytes: content.sizeBytes };
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
