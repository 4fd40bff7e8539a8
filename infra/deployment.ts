import { createEnvReader } from '../configuration/env-reader.ts';
import { type NetworkName, type SizeName, sizeNames, smallestSize } from './profiles.ts';

/** What an operator chooses of a deployment; the rest follows from it. */
export interface Deployment {
  readonly project: string;
  readonly projectNumber: string;
  readonly region: string;
  readonly bucket: string;
  /** Executor images by the name that profiles have of them; each is pinned by digest. */
  readonly executorImages: Readonly<Record<string, string>>;
  readonly serviceImage: string;
  /** `push`: services scale to zero. `pull`: they always run, and answer sooner. */
  readonly delivery: 'push' | 'pull';
  readonly networks: readonly NetworkName[];
  readonly sizes: readonly SizeName[];
  /** What jobs of the network `none` reach: Google's services, only their private addresses, or everything. */
  readonly noneEgress: 'google-apis' | 'strict' | 'open';
  readonly maxTimeoutMinutes: number;
  readonly retentionDays: number;
  /** The region's quotas of Cloud Run, or the part of them that is for sandbus. */
  readonly startsPerMinute: number;
  readonly maxRunning: number;
  readonly webhooks: boolean;
  /** Whether commands run behind Cloud Run's sandboxes. */
  readonly sandboxLauncher: boolean;
  /** Principals that use the SDK, and those that set limits of tenants. */
  readonly clients: readonly string[];
  readonly operators: readonly string[];
  readonly alertEmail: string | null;
  readonly budget: { readonly billingAccount: string; readonly monthlyUnits: number; readonly currency: string } | null;
  /** Daily backups of Firestore and versions of objects; both are billed as storage. */
  readonly backups: boolean;
  /** Whether each read of data is logged as well; billed as logs. */
  readonly auditReads: boolean;
  /** Whether the database, the bucket and the keys refuse to be deleted. */
  readonly protectData: boolean;
}

export interface DeploymentKey {
  readonly name: string;
  /** Absent: it must be given. */
  readonly fallback?: string;
  readonly means: string;
}

/** What `pulumi config set sandbus:NAME` takes. */
export const deploymentKeys: readonly DeploymentKey[] = [
  { name: 'executorImages', means: 'images of executors, as NAME=URL@sha256:DIGEST, separated by commas' },
  { name: 'serviceImage', means: 'image of the services, URL@sha256:DIGEST' },
  { name: 'bucket', fallback: 'PROJECT-sandbus', means: 'name of the bucket' },
  { name: 'delivery', fallback: 'push', means: '`push` scales to zero; `pull` keeps services running' },
  { name: 'networks', fallback: 'none', means: '`none`, or `none,internet`' },
  { name: 'sizes', fallback: smallestSize, means: `sizes of executors: some of ${sizeNames.join(', ')}` },
  {
    name: 'noneEgress',
    fallback: 'google-apis',
    means:
      'jobs without a network: `google-apis` has no way out but to Google’s services, `strict` only to their private addresses (two DNS zones, billed), `open` has no VPC and may start sooner',
  },
  { name: 'maxTimeoutMinutes', fallback: '60', means: 'the longest command, up to 10,080' },
  { name: 'retentionDays', fallback: '30', means: 'days that records of what has ended are kept' },
  { name: 'startsPerMinute', fallback: '180', means: 'launches a minute: the quota of RunJob in the region' },
  { name: 'maxRunning', fallback: '1000', means: 'executions at a time: the quota of the region' },
  { name: 'webhooks', fallback: 'true', means: 'whether webhooks are on' },
  { name: 'sandboxLauncher', fallback: 'false', means: 'whether jobs may launch Cloud Run sandboxes (preview)' },
  { name: 'clients', fallback: '', means: 'members that use the SDK, such as `serviceAccount:…`, separated by commas' },
  { name: 'operators', fallback: '', means: 'members that set limits of tenants, likewise' },
  { name: 'alertEmail', fallback: '', means: 'who is told of alerts' },
  { name: 'billingAccount', fallback: '', means: 'where a budget is made; none without it' },
  { name: 'budgetUnits', fallback: '50', means: 'the monthly budget, in whole units of its currency' },
  { name: 'budgetCurrency', fallback: 'USD', means: 'the currency of the billing account' },
  { name: 'backups', fallback: 'false', means: 'daily backups of Firestore and object versions for a week, billed' },
  { name: 'auditReads', fallback: 'false', means: 'whether reads of data are logged too, billed' },
  { name: 'protectData', fallback: 'true', means: 'whether database, bucket and keys refuse to be deleted' },
];

const image = /^[a-z0-9.-]+(?::\d+)?\/[\w./-]+@sha256:[0-9a-f]{64}$/;
const member = /^(?:user|group|serviceAccount|principal|principalSet):[^\s,]+$/;
const flags = ['true', 'false'] as const;

/** Reads what was configured; throws one config/invalid that lists every problem. */
export function readDeployment(
  place: { readonly project: string; readonly projectNumber: string; readonly region: string },
  configured: Readonly<Record<string, string | undefined>>,
): Deployment {
  const fallbacks = Object.fromEntries(deploymentKeys.map(({ name, fallback }) => [name, fallback]));
  const given = Object.entries(configured).filter(([, value]) => value !== undefined && value !== '');
  const reader = createEnvReader({ ...fallbacks, bucket: `${place.project}-sandbus`, ...Object.fromEntries(given) });
  const known = new Set(deploymentKeys.map(({ name }) => name));
  for (const [name] of given) reader.require(known.has(name), `there is no key ${name}`);
  const list = (name: string) => (reader.optionalText(name) ?? '').split(',').filter((text) => text !== '');
  const flag = (name: string) => reader.oneOf(name, flags) === 'true';
  const members = (name: string) => {
    const all = list(name);
    reader.require(
      all.every((text) => member.test(text)),
      `${name} must be members such as user:E-MAIL; everybody is none`,
    );
    return all;
  };
  const some = <T extends string>(name: string, accepted: readonly T[], needed: T): readonly T[] => {
    const all = list(name);
    reader.require(
      all.every((text) => accepted.some((one) => one === text)) && new Set(all).size === all.length,
      `${name} must be some of ${accepted.join(', ')}`,
    );
    reader.require(all[0] === needed, `${name} must begin with ${needed}`);
    return accepted.filter((one) => all.includes(one));
  };
  const named = list('executorImages').map((text): [string, string] => {
    const at = text.indexOf('=');
    return [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  });
  if (named.length === 0) reader.text('executorImages');
  reader.require(
    named.every(([name, url]) => /^[a-z][a-z0-9]{0,15}$/.test(name) && image.test(url)),
    'executorImages must be NAME=URL@sha256:DIGEST, separated by commas; names are of lower case letters and digits',
  );
  const billingAccount = reader.optionalText('billingAccount') ?? '';
  const monthlyUnits = reader.integer('budgetUnits', { min: 1, max: 1_000_000 });
  const currency = reader.text('budgetCurrency', { pattern: /^[A-Z]{3}$/, accepted: 'a currency such as USD' });
  const deployment: Deployment = {
    ...place,
    bucket: reader.text('bucket', { pattern: /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/, accepted: 'the name of a bucket' }),
    executorImages: Object.fromEntries(named),
    serviceImage: reader.text('serviceImage', { pattern: image, accepted: 'URL@sha256:DIGEST' }),
    delivery: reader.oneOf('delivery', ['push', 'pull']),
    networks: some<NetworkName>('networks', ['none', 'internet'], 'none'),
    sizes: some<SizeName>('sizes', sizeNames, smallestSize),
    noneEgress: reader.oneOf('noneEgress', ['google-apis', 'strict', 'open']),
    maxTimeoutMinutes: reader.integer('maxTimeoutMinutes', { min: 1, max: 7 * 24 * 60 }),
    retentionDays: reader.integer('retentionDays', { min: 1, max: 3650 }),
    startsPerMinute: reader.integer('startsPerMinute', { min: 1, max: 100_000 }),
    maxRunning: reader.integer('maxRunning', { min: 1, max: 100_000 }),
    webhooks: flag('webhooks'),
    sandboxLauncher: flag('sandboxLauncher'),
    clients: members('clients'),
    operators: members('operators'),
    alertEmail: reader.optionalText('alertEmail') ?? null,
    budget: billingAccount === '' ? null : { billingAccount, monthlyUnits, currency },
    backups: flag('backups'),
    auditReads: flag('auditReads'),
    protectData: flag('protectData'),
  };
  reader.finish('the deployment');
  return deployment;
}
