import { continueUpload, incompleteAnswer } from './continue-upload.ts';
import { findSession } from './find-session.ts';
import { parseMultipartUpload } from './multipart.ts';
import { type ExpectedDigests, readExpectedDigests } from './object-digests.ts';
import { parseJsonObject, readObjectFields } from './object-fields.ts';
import type { JsonObject } from './object-store.ts';
import { readPreconditions } from './preconditions.ts';
import { refuseEncryption } from './refuse-encryption.ts';
import { objectResource } from './resources.ts';
import { startSession } from './start-session.ts';
import { type Answer, headerText, jsonAnswer, type StorageCall } from './storage-call.ts';
import { invalidArgument, noSuchPath } from './storage-error.ts';
import type { StorageState } from './storage-state.ts';
import type { UploadSession } from './upload-sessions.ts';
import { newContent, writeObject } from './write-object.ts';

const defaultContentType = 'application/octet-stream';

/** `/upload/storage/v1/b/{bucket}/o` */
export async function answerUpload(state: StorageState, call: StorageCall, bucket: string): Promise<Answer> {
  const { method, query } = call;
  const uploadId = query.get('upload_id');
  if (uploadId !== null) return answerSession(state, call, findSession(state, uploadId));
  if (method !== 'POST') throw noSuchPath(method, call.rawPath);
  refuseEncryption(call);
  switch (query.get('uploadType')) {
    case 'media':
      return uploadMedia(state, call, bucket);
    case 'multipart':
      return uploadMultipart(state, call, bucket);
    case 'resumable':
      return startResumable(state, call, bucket);
    default:
      throw invalidArgument(
        `Invalid value for uploadType: "${query.get('uploadType') ?? ''}" is not media, multipart or resumable.`,
        {
          locationType: 'parameter',
          location: 'uploadType',
        },
      );
  }
}

async function uploadMedia(state: StorageState, call: StorageCall, bucket: string): Promise<Answer> {
  const content = await call.readBody();
  const resource = { contentType: headerText(call.headers, 'content-type') ?? defaultContentType };
  return storeAndAnswer(state, call, { bucket, resource, content });
}

async function uploadMultipart(state: StorageState, call: StorageCall, bucket: string): Promise<Answer> {
  const parsed = parseMultipartUpload(headerText(call.headers, 'content-type'), await call.readBody());
  if (parsed.kind === 'invalid') throw invalidArgument(`Failed to parse multipart upload: ${parsed.problem}`);
  const resource = { contentType: parsed.mediaType ?? defaultContentType, ...parseJsonObject(parsed.metadataJson) };
  return storeAndAnswer(state, call, { bucket, resource, content: parsed.content });
}

function storeAndAnswer(
  state: StorageState,
  call: StorageCall,
  { bucket, resource, content }: { readonly bucket: string; readonly resource: JsonObject; readonly content: Buffer },
): Answer {
  const record = writeObject(state, {
    bucket,
    name: readName(call, resource),
    fields: readObjectFields(withQueryFields(call, resource)),
    content: newContent(state, content),
    preconditions: readPreconditions(call.query),
    expected: readExpected(call, resource),
    componentCount: null,
  });
  return jsonAnswer(200, objectResource(record, call.origin));
}

async function startResumable(state: StorageState, call: StorageCall, bucket: string): Promise<Answer> {
  const resource = parseJsonObject((await call.readBody()).toString('utf8'));
  const contentType = headerText(call.headers, 'x-upload-content-type') ?? defaultContentType;
  const declared = headerText(call.headers, 'x-upload-content-length');
  if (declared !== undefined && !/^\d{1,15}$/.test(declared)) {
    throw invalidArgument(`Invalid value for X-Upload-Content-Length: "${declared}".`, {
      locationType: 'header',
      location: 'X-Upload-Content-Length',
    });
  }
  const name = readName(call, resource);
  const session = startSession(state, {
    bucket,
    name,
    preconditions: readPreconditions(call.query),
    readFields: () => readObjectFields(withQueryFields(call, { contentType, ...resource })),
    expected: readExpected(call, resource),
    allowedBytes: null,
    declaredBytes: declared === undefined ? null : Number(declared),
  });
  const location = `${call.origin}/upload/storage/v1/b/${bucket}/o?uploadType=resumable&name=${encodeURIComponent(name)}&upload_id=${session.id}`;
  return { status: 200, headers: { location, 'x-guploader-uploadid': session.id } };
}

async function answerSession(state: StorageState, call: StorageCall, session: UploadSession): Promise<Answer> {
  if (call.method === 'DELETE') return cancelSession(state, session);
  if (call.method !== 'PUT' && call.method !== 'POST') throw noSuchPath(call.method, call.rawPath);
  const progress = await continueUpload(state, session, call);
  if (progress.kind === 'incomplete') return incompleteAnswer(progress.receivedBytes, call);
  return jsonAnswer(200, objectResource(progress.record, call.origin));
}

/** Google answers 499 to a cancelled upload. */
export function cancelSession(state: StorageState, session: UploadSession): Answer {
  state.sessions.remove(session.id);
  return { status: 499 };
}

function readName(call: StorageCall, resource: JsonObject): string {
  const inQuery = call.query.get('name');
  if (inQuery?.includes('\ufffd') && !/%EF%BF%BD/i.test(call.rawQuery)) {
    throw invalidArgument('Invalid value for name: its percent-encoding is not that of UTF-8.', {
      locationType: 'parameter',
      location: 'name',
    });
  }
  const name = inQuery ?? resource.name ?? '';
  if (typeof name !== 'string') throw invalidArgument('Invalid value for: name is not a string.');
  return name;
}

function withQueryFields(call: StorageCall, resource: JsonObject): JsonObject {
  const contentEncoding = call.query.get('contentEncoding');
  return contentEncoding === null ? resource : { ...resource, contentEncoding };
}

function readExpected(call: StorageCall, resource: JsonObject): ExpectedDigests {
  const sent = readExpectedDigests(call.headers);
  const declared = (field: 'crc32c' | 'md5Hash') => (typeof resource[field] === 'string' ? resource[field] : null);
  return { crc32c: sent.crc32c ?? declared('crc32c'), md5: sent.md5 ?? declared('md5Hash') };
}
