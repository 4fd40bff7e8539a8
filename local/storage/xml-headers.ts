import type { IncomingHttpHeaders } from 'node:http';
import { readObjectFields } from './object-fields.ts';
import type { ObjectFields } from './object-store.ts';
import { noPreconditions, type Preconditions } from './preconditions.ts';
import { malformed } from './signed-url.ts';
import { headerText, type StorageCall } from './storage-call.ts';
import { invalidArgument, notImplemented } from './storage-error.ts';
import type { LengthRange } from './upload-record.ts';

const metadataPrefix = 'x-goog-meta-';

/** Headers that would change what is stored in ways this server has not. */
const absentHeaders = ['x-goog-copy-source', 'x-goog-encryption-algorithm', 'x-goog-encryption-kms-key-name'];
/** Query parameters that select another operation of the XML API. */
const absentSubresources = ['acl', 'compose', 'cors', 'lifecycle', 'partNumber', 'tagging', 'uploads', 'versioning'];

export function refuseXmlFeatures(call: StorageCall): void {
  for (const name of absentHeaders) if (call.headers[name] !== undefined) throw notImplemented(`the header ${name}`);
  for (const name of absentSubresources) if (call.query.has(name)) throw notImplemented(`the XML API's ?${name}`);
}

export function readXmlFields(headers: IncomingHttpHeaders): ObjectFields {
  const metadata: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    if (name.startsWith(metadataPrefix)) metadata[name.slice(metadataPrefix.length)] = headerText(headers, name) ?? '';
  }
  return readObjectFields({
    contentType: headerText(headers, 'content-type') ?? 'application/octet-stream',
    contentEncoding: headerText(headers, 'content-encoding'),
    contentDisposition: headerText(headers, 'content-disposition'),
    contentLanguage: headerText(headers, 'content-language'),
    cacheControl: headerText(headers, 'cache-control'),
    customTime: headerText(headers, 'x-goog-custom-time'),
    storageClass: headerText(headers, 'x-goog-storage-class'),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  });
}

export function readXmlPreconditions(headers: IncomingHttpHeaders): Preconditions {
  return {
    ...noPreconditions,
    ifGenerationMatch: readNumberHeader(headers, 'x-goog-if-generation-match'),
    ifMetagenerationMatch: readNumberHeader(headers, 'x-goog-if-metageneration-match'),
  };
}

/** `x-goog-content-length-range: min,max`, both inclusive. */
export function readXmlLengthRange(headers: IncomingHttpHeaders): LengthRange | null {
  const name = 'x-goog-content-length-range';
  const value = headerText(headers, name);
  if (value === undefined) return null;
  const match = /^\s*(\d{1,15})\s*,\s*(\d{1,15})\s*$/.exec(value);
  if (match === null || Number(match[1]) > Number(match[2]))
    throw malformed(name, `"${value}" is not of the form MIN,MAX.`);
  return { minBytes: Number(match[1]), maxBytes: Number(match[2]) };
}

function readNumberHeader(headers: IncomingHttpHeaders, name: string): number | null {
  const value = headerText(headers, name);
  if (value === undefined) return null;
  if (!/^\d{1,19}$/.test(value)) {
    throw invalidArgument(`Invalid value for ${name}: "${value}" is not a whole number.`, {
      locationType: 'header',
      location: name,
    });
  }
  return Number(value);
}
