/** A refusal in Google's terms. The JSON API shows `reason`, the XML surface shows `code`; the status is the same. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly code: string;
  readonly message: string;
  /** The parameter or header at fault, where one is. */
  readonly at?: { readonly locationType: 'parameter' | 'header'; readonly location: string };
  /** Further elements of the XML body, such as `Details`; a `Message` here takes the place of the other. */
  readonly xml?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export class StorageError extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = 'StorageError';
    this.refusal = refusal;
  }
}

export function bucketNotFound(bucket: string): StorageError {
  return new StorageError({
    status: 404,
    reason: 'notFound',
    code: 'NoSuchBucket',
    message: 'The specified bucket does not exist.',
    xml: { Details: `No such bucket: ${bucket}` },
  });
}

export function objectNotFound(bucket: string, name: string): StorageError {
  return new StorageError({
    status: 404,
    reason: 'notFound',
    code: 'NoSuchKey',
    message: `No such object: ${bucket}/${name}`,
    xml: { Message: 'The specified key does not exist.', Details: `No such object: ${bucket}/${name}` },
  });
}

export function conditionNotMet(condition: string): StorageError {
  return new StorageError({
    status: 412,
    reason: 'conditionNotMet',
    code: 'PreconditionFailed',
    message: 'At least one of the pre-conditions you specified did not hold.',
    at: { locationType: 'header', location: 'If-Match' },
    xml: { Details: condition },
  });
}

export function conflict(code: string, message: string): StorageError {
  return new StorageError({ status: 409, reason: 'conflict', code, message });
}

/** A value that is present and wrong; `message` names the field. */
export function invalidArgument(message: string, at?: Refusal['at']): StorageError {
  return new StorageError({
    status: 400,
    reason: 'invalid',
    code: 'InvalidArgument',
    message,
    ...(at === undefined ? {} : { at }),
    xml: { Details: message },
  });
}

export function requiredParameter(name: string): StorageError {
  return new StorageError({
    status: 400,
    reason: 'required',
    code: 'InvalidArgument',
    message: `Required parameter: ${name}`,
    at: { locationType: 'parameter', location: name },
  });
}

export function badDigest(message: string): StorageError {
  return new StorageError({ status: 400, reason: 'invalid', code: 'BadDigest', message, xml: { Details: message } });
}

/** What Cloud Storage has and this server has not: said at once, so that nobody tests against silence. */
export function notImplemented(what: string): StorageError {
  return new StorageError({
    status: 501,
    reason: 'notImplemented',
    code: 'NotImplemented',
    message: `The local Cloud Storage does not implement ${what}; local/storage/README.md lists what it does.`,
  });
}

export function noSuchPath(method: string, path: string, hint = ''): StorageError {
  return new StorageError({
    status: 404,
    reason: 'notFound',
    code: 'InvalidURI',
    message: `Not Found: ${method} ${path} is no method of the Cloud Storage JSON API. ${hint}`.trimEnd(),
  });
}

export function jsonErrorBody(refusal: Refusal): Buffer {
  const { status, message, reason, at } = refusal;
  return Buffer.from(
    JSON.stringify({ error: { code: status, message, errors: [{ message, domain: 'global', reason, ...at }] } }),
  );
}

export function xmlErrorBody(refusal: Refusal): Buffer {
  const elements = Object.entries({ Code: refusal.code, Message: refusal.message, ...refusal.xml });
  const inner = elements.map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`).join('');
  return Buffer.from(`<?xml version='1.0' encoding='UTF-8'?><Error>${inner}</Error>`);
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
