import { createHash } from 'node:crypto';
import { continueUpload, incompleteAnswer, requireAllowedLength } from './continue-upload.ts';
import { answerDownload, xmlEtag } from './download.ts';
import { requireObject } from './find-object.ts';
import { findSession } from './find-session.ts';
import { readExpectedDigests } from './object-digests.ts';
import type { ObjectRecord } from './object-store.ts';
import { readWholeNumber, requirePreconditions } from './preconditions.ts';
import { hasSignature } from './signed-url.ts';
import { startSession } from './start-session.ts';
import { type Answer, headerText, type StorageCall } from './storage-call.ts';
import { badDigest, notImplemented, StorageError } from './storage-error.ts';
import type { StorageState } from './storage-state.ts';
import { cancelSession } from './upload-routes.ts';
import { verifySignedUrl } from './verify-signed-url.ts';
import { deleteObject, newContent, writeObject } from './write-object.ts';
import { readXmlFields, readXmlLengthRange, readXmlPreconditions, refuseXmlFeatures } from './xml-headers.ts';

/** `/{bucket}/{object}`: the part of the XML API that signed URLs use. Nothing is served without a signature or an upload id. */
export async function answerXmlCall(
  state: StorageState,
  call: StorageCall,
  bucket: string,
  name: string,
): Promise<Answer> {
  const uploadId = call.query.get('upload_id');
  if (uploadId !== null && !hasSignature(call.query)) return answerXmlSession(state, call, uploadId);
  if (call.query.has('GoogleAccessId')) throw notImplemented("V2 signatures; sign with version 'v4'");
  if (call.method === 'POST' && headerText(call.headers, 'content-type')?.startsWith('multipart/form-data')) {
    throw notImplemented('forms with a policy document');
  }
  if (!hasSignature(call.query)) throw anonymousDenied(call.method, bucket, name);
  verifySignedUrl(state, call);

  if (name === '') throw notImplemented('signed requests on a bucket');
  refuseXmlFeatures(call);
  switch (call.method) {
    case 'GET':
    case 'HEAD':
      return getObject(state, call, bucket, name);
    case 'PUT':
      return putObject(state, call, bucket, name);
    case 'DELETE': {
      const record = requireObject(state, bucket, name, readWholeNumber(call.query, 'generation'));
      requirePreconditions(record, readXmlPreconditions(call.headers));
      deleteObject(state, record);
      return { status: 204 };
    }
    case 'POST':
      return startUpload(state, call, bucket, name);
    default:
      throw new StorageError({
        status: 405,
        reason: 'invalid',
        code: 'MethodNotAllowed',
        message: `The method ${call.method} is not allowed on an object.`,
      });
  }
}

async function getObject(state: StorageState, call: StorageCall, bucket: string, name: string): Promise<Answer> {
  const record = requireObject(state, bucket, name, readWholeNumber(call.query, 'generation'));
  requirePreconditions(record, readXmlPreconditions(call.headers));
  return answerDownload(state, call, record, {
    etag: xmlEtag(record),
    contentType: call.query.get('response-content-type'),
    contentDisposition: call.query.get('response-content-disposition'),
  });
}

async function putObject(state: StorageState, call: StorageCall, bucket: string, name: string): Promise<Answer> {
  const allowed = readXmlLengthRange(call.headers);
  const announced = headerText(call.headers, 'content-length');
  if (allowed !== null && announced !== undefined) requireAllowedLength(Number(announced), allowed);

  const content = await call.readBody();
  if (allowed !== null) requireAllowedLength(content.length, allowed);
  const signedSha256 = headerText(call.headers, 'x-goog-content-sha256');
  if (signedSha256 !== undefined) requireSha256(content, signedSha256);
  const record = writeObject(state, {
    bucket,
    name,
    fields: readXmlFields(call.headers),
    content: newContent(state, content),
    preconditions: readXmlPreconditions(call.headers),
    expected: readExpectedDigests(call.headers),
    componentCount: null,
  });
  return { status: 200, headers: storedHeaders(record) };
}

async function startUpload(state: StorageState, call: StorageCall, bucket: string, name: string): Promise<Answer> {
  if (headerText(call.headers, 'x-goog-resumable') !== 'start') {
    throw notImplemented('a signed POST without x-goog-resumable: start');
  }
  // Google ignores the body of the start; reading it keeps the connection usable.
  await call.readBody();
  const session = startSession(state, {
    bucket,
    name,
    preconditions: readXmlPreconditions(call.headers),
    readFields: () => readXmlFields(call.headers),
    expected: readExpectedDigests(call.headers),
    allowedBytes: readXmlLengthRange(call.headers),
    declaredBytes: null,
  });
  const location = `${call.origin}${call.rawPath}?upload_id=${session.id}`;
  return { status: 201, headers: { location, 'x-guploader-uploadid': session.id } };
}

/** The URI of a session is a bearer capability: it needs no signature of its own. */
async function answerXmlSession(state: StorageState, call: StorageCall, uploadId: string): Promise<Answer> {
  const session = findSession(state, uploadId);
  if (call.method === 'DELETE') return cancelSession(state, session);
  if (call.method !== 'PUT') throw notImplemented(`${call.method} on an upload session`);
  const progress = await continueUpload(state, session, call);
  if (progress.kind === 'incomplete') return incompleteAnswer(progress.receivedBytes, call);
  return { status: 200, headers: storedHeaders(progress.record) };
}

function storedHeaders(record: ObjectRecord): Record<string, string> {
  return {
    etag: xmlEtag(record),
    'x-goog-generation': String(record.generation),
    'x-goog-metageneration': String(record.metageneration),
    'x-goog-hash': [`crc32c=${record.crc32c}`, ...(record.md5 === null ? [] : [`md5=${record.md5}`])].join(','),
    'x-goog-stored-content-length': String(record.sizeBytes),
    'x-goog-stored-content-encoding': record.fields.contentEncoding ?? 'identity',
  };
}

function requireSha256(content: Buffer, expectedHex: string): void {
  const actualHex = createHash('sha256').update(content).digest('hex');
  if (actualHex !== expectedHex.toLowerCase()) {
    throw badDigest(`Provided x-goog-content-sha256 "${expectedHex}" doesn't match calculated SHA-256 "${actualHex}".`);
  }
}

const permissions: Readonly<Record<string, string>> = {
  GET: 'storage.objects.get',
  HEAD: 'storage.objects.get',
  PUT: 'storage.objects.create',
  POST: 'storage.objects.create',
  DELETE: 'storage.objects.delete',
};

function anonymousDenied(method: string, bucket: string, name: string): StorageError {
  const permission = permissions[method] ?? 'access';
  return new StorageError({
    status: 403,
    reason: 'forbidden',
    code: 'AccessDenied',
    message: 'Access denied.',
    xml: {
      Details: `Anonymous caller does not have ${permission} on ${bucket}/${name}. Use a V4 signed URL, or the JSON API below /storage/v1.`,
    },
  });
}
