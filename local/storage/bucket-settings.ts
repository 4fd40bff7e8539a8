import { isJsonObject, mergePatch, refuseAcl, requireStorageClass } from './object-fields.ts';
import type { JsonObject } from './object-store.ts';
import { timestamp } from './resources.ts';
import { invalidArgument, notImplemented } from './storage-error.ts';

const outputOnlyFields = [
  'kind',
  'id',
  'selfLink',
  'name',
  'projectNumber',
  'generation',
  'metageneration',
  'etag',
  'timeCreated',
  'updated',
  'acl',
  'defaultObjectAcl',
  'owner',
] as const;

const defaultSoftDeleteSeconds = '604800';
const minSoftDeleteSeconds = 7 * 24 * 60 * 60;
const maxSoftDeleteSeconds = 90 * 24 * 60 * 60;

/** The settings of a new bucket: what was asked over Google's defaults. Soft delete is on for seven days, as at Google. */
export function newBucketSettings(resource: JsonObject, nowMs: number): JsonObject {
  const defaults: JsonObject = {
    location: 'US',
    storageClass: 'STANDARD',
    iamConfiguration: {
      publicAccessPrevention: 'inherited',
      uniformBucketLevelAccess: { enabled: false },
      bucketPolicyOnly: { enabled: false },
    },
    softDeletePolicy: { retentionDurationSeconds: defaultSoftDeleteSeconds },
  };
  const settings = mergePatch(defaults, writablePart(resource));
  const location = String(settings.location).toUpperCase();
  return checkSettings({ ...settings, location, locationType: locationTypeOf(location) }, nowMs);
}

export function patchBucketSettings(current: JsonObject, patch: JsonObject, nowMs: number): JsonObject {
  const writable = writablePart(patch);
  if (writable.location !== undefined && String(writable.location).toUpperCase() !== current.location) {
    throw invalidArgument('Invalid value for: location cannot be changed after a bucket was created.');
  }
  const { location: _same, locationType: _derived, ...changes } = writable;
  return checkSettings(mergePatch(current, changes), nowMs);
}

function writablePart(resource: JsonObject): JsonObject {
  refuseAcl(resource);
  const outputOnly: readonly string[] = outputOnlyFields;
  return Object.fromEntries(Object.entries(resource).filter(([field]) => !outputOnly.includes(field)));
}

/** Settings without meaning here (lifecycle, CORS, labels …) are kept as they are; those that would change answers are refused. */
function checkSettings(settings: JsonObject, nowMs: number): JsonObject {
  for (const switchable of ['versioning', 'hierarchicalNamespace']) {
    const value = settings[switchable];
    if (isJsonObject(value) && value.enabled === true) throw notImplemented(`bucket setting ${switchable}.enabled`);
  }
  for (const field of ['retentionPolicy', 'encryption', 'objectRetention']) {
    if (settings[field] !== undefined) throw notImplemented(`bucket setting ${field}`);
  }
  if (settings.defaultEventBasedHold === true) throw notImplemented('bucket setting defaultEventBasedHold');
  requireStorageClass(settings.storageClass);
  const { labels } = settings;
  if (
    labels !== undefined &&
    !(isJsonObject(labels) && Object.values(labels).every((value) => typeof value === 'string'))
  ) {
    throw invalidArgument('Invalid value for: labels is not an object of strings.');
  }
  return { ...settings, softDeletePolicy: checkSoftDeletePolicy(settings.softDeletePolicy, nowMs) };
}

function checkSoftDeletePolicy(policy: unknown, nowMs: number): JsonObject {
  const given = isJsonObject(policy) ? policy.retentionDurationSeconds : defaultSoftDeleteSeconds;
  const seconds = Number(given);
  const isOff = seconds === 0;
  if (!Number.isInteger(seconds) || (!isOff && (seconds < minSoftDeleteSeconds || seconds > maxSoftDeleteSeconds))) {
    throw invalidArgument(
      `Invalid value for: softDeletePolicy.retentionDurationSeconds must be 0 or from ${minSoftDeleteSeconds} to ${maxSoftDeleteSeconds}, not ${String(given)}.`,
    );
  }
  const effectiveTime = isJsonObject(policy) ? policy.effectiveTime : undefined;
  return { retentionDurationSeconds: String(seconds), effectiveTime: effectiveTime ?? timestamp(nowMs) };
}

function locationTypeOf(location: string): string {
  if (['US', 'EU', 'ASIA'].includes(location)) return 'multi-region';
  return /^(NAM4|EUR\d|ASIA\d)$/.test(location) ? 'dual-region' : 'region';
}

/** Google's naming rules: 3 to 63 characters (222 with dots), lowercase, beginning and ending with a letter or digit. */
export function bucketNameProblem(name: string): string | null {
  const isReserved = name.startsWith('goog') || name.includes('google') || name.includes('g00gle');
  return isReserved ? problemOf(name) : bucketGrammarProblem(name);
}

/** Of a name that no bucket can have, not even one of Google's own. */
export function bucketGrammarProblem(name: string): string | null {
  const isShaped = /^[a-z0-9][a-z0-9._-]*[a-z0-9]$/.test(name) && name.length >= 3;
  const fits = name.includes('.')
    ? name.length <= 222 && name.split('.').every((part) => part.length <= 63 && part !== '')
    : name.length <= 63;
  return isShaped && fits && !/^\d+\.\d+\.\d+\.\d+$/.test(name) ? null : problemOf(name);
}

function problemOf(name: string): string {
  return `Invalid bucket name: '${name}'`;
}
