import { exitCodes } from './exit-code.ts';
import { misused, type OptionSpecs, type Parsed, parsed, parseOptions, sharedOptions } from './parse-options.ts';
import type { Terminal } from './terminal.ts';

/** Also the names in `local/servers.ts`, which is loaded only when they start. */
const names = ['pubsub', 'firestore', 'storage', 'run'] as const;
type ServerName = (typeof names)[number];

const specs = {
  ...sharedOptions,
  only: { kind: 'text' },
  data: { kind: 'text' },
  indexes: { kind: 'text' },
  ttl: { kind: 'texts' },
  host: { kind: 'text' },
  'port-pubsub': { kind: 'text' },
  'port-firestore': { kind: 'text' },
  'port-storage': { kind: 'text' },
  'port-run': { kind: 'text' },
  'port-run-rest': { kind: 'text' },
  'run-start-delay-ms': { kind: 'text' },
  'run-calls-per-minute': { kind: 'text' },
  'run-executions': { kind: 'text' },
} as const satisfies OptionSpecs;

export interface UpCall {
  readonly json: boolean;
  readonly only: readonly ServerName[];
  readonly ports: Partial<Readonly<Record<ServerName, number>>>;
  readonly dataDir: string | null;
  /** What was said of Cloud Run; the rest is as at Google. */
  readonly run?: RunSettings;
  readonly firestore?: FirestoreSettings;
}

export interface FirestoreSettings {
  /** The file that declares every index that exists; null: a query needs none. */
  readonly indexFile: string | null;
  readonly ttlPolicies: readonly { readonly collectionId: string; readonly fieldPath: string }[];
}

export interface RunSettings {
  readonly restPort?: number;
  readonly startDelayMs?: number;
  readonly runJobPerMinute?: number;
  readonly runningExecutions?: number;
}

/** Reads the arguments of `sandbus up`; `null` asks for help. */
export function parseUp(args: readonly string[]): Parsed<UpCall | null> {
  const read = parseOptions(args, specs);
  if (!read.ok) return read;
  const { values, words, rest } = read.value;
  if (values.help) return parsed(null);
  const [extra] = [...words, ...rest];
  if (extra !== undefined) return misused(`up takes no ${JSON.stringify(extra)}`);
  if (values.host !== null && !['127.0.0.1', 'localhost'].includes(values.host)) {
    return misused(
      `--host ${JSON.stringify(values.host)} is refused: the servers ask nobody who they are and run commands, so they ` +
        'are reachable from this machine only (127.0.0.1)',
    );
  }
  if (values.data === '') return misused('--data needs a folder');
  const only = values.only === null ? parsed(names) : parseNames(values.only);
  if (!only.ok) return only;
  const ports: Partial<Record<ServerName, number>> = {};
  for (const name of names) {
    const text = values[`port-${name}`];
    if (text === null) continue;
    if (!only.value.includes(name)) return misused(`--port-${name} is given, and --only leaves ${name} out`);
    const port = parsePort(`--port-${name}`, text);
    if (!port.ok) return port;
    ports[name] = port.value;
  }
  const run = parseRunSettings(values, only.value);
  if (!run.ok) return run;
  const firestore = parseFirestoreSettings(values, only.value);
  if (!firestore.ok) return firestore;
  return parsed({
    ...{ json: values.json, only: only.value, ports, dataDir: values.data },
    ...(run.value !== null && { run: run.value }),
    ...(firestore.value !== null && { firestore: firestore.value }),
  });
}

function parseFirestoreSettings(
  { indexes, ttl }: { readonly indexes: string | null; readonly ttl: readonly string[] },
  only: readonly ServerName[],
): Parsed<FirestoreSettings | null> {
  if (indexes === null && ttl.length === 0) return parsed(null);
  const option = indexes === null ? '--ttl' : '--indexes';
  if (!only.includes('firestore')) return misused(`${option} is given, and --only leaves firestore out`);
  if (indexes === '') return misused('--indexes needs a file');
  const ttlPolicies = [];
  for (const text of ttl) {
    const [, collectionId, fieldPath] = /^([^./]+)\.([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)$/.exec(text) ?? [];
    if (collectionId === undefined || fieldPath === undefined) {
      return misused(`--ttl ${JSON.stringify(text)} must be COLLECTION.FIELD, such as sessions.expireAt`);
    }
    ttlPolicies.push({ collectionId, fieldPath });
  }
  return parsed({ indexFile: indexes, ttlPolicies });
}

const runOptions = [
  ['port-run-rest', 'restPort', parsePort],
  ['run-start-delay-ms', 'startDelayMs', parseCount],
  ['run-calls-per-minute', 'runJobPerMinute', parseCount],
  ['run-executions', 'runningExecutions', parseCount],
] as const;

function parseRunSettings(
  values: Readonly<Record<(typeof runOptions)[number][0], string | null>>,
  only: readonly ServerName[],
): Parsed<RunSettings | null> {
  const settings: Record<string, number> = {};
  for (const [option, setting, parse] of runOptions) {
    const text = values[option];
    if (text === null) continue;
    if (!only.includes('run')) return misused(`--${option} is given, and --only leaves run out`);
    const number = parse(`--${option}`, text);
    if (!number.ok) return number;
    settings[setting] = number.value;
  }
  return parsed(Object.keys(settings).length === 0 ? null : settings);
}

function parseCount(option: string, text: string): Parsed<number> {
  if (/^\d{1,9}$/.test(text)) return parsed(Number(text));
  return misused(`${option} ${JSON.stringify(text)} must be a whole number from 0 to 999999999`);
}

function parseNames(text: string): Parsed<readonly ServerName[]> {
  const given = text.split(',');
  const unknown = given.find((name) => !names.some((known) => known === name));
  if (unknown !== undefined) return misused(`--only ${JSON.stringify(unknown)} must be one of ${names.join(', ')}`);
  return parsed(names.filter((name) => given.includes(name)));
}

function parsePort(option: string, text: string): Parsed<number> {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 1 && port <= 65_535) return parsed(port);
  return misused(`${option} ${JSON.stringify(text)} must be a port from 1 to 65535; the address is always 127.0.0.1`);
}

/** Starts the servers, tells how to reach them, and stays until it is interrupted. */
export async function runUp(
  { json, only, ports, dataDir, run = {}, firestore }: UpCall,
  terminal: Terminal,
): Promise<number> {
  const interrupted = new Promise<void>((resolve) => {
    terminal.onInterrupt(resolve);
  });
  const { openLocalServers } = await import('../local/open-servers.ts');
  const { restPort = 0, startDelayMs = 0, ...runQuotas } = run;
  const servers = await openLocalServers({
    ...(firestore && (await readFirestoreSettings(firestore))),
    ...{ only, ports, startDelayMs, runQuotas, runRestPort: restPort },
    ...(dataDir !== null && { dataDir }),
  });
  try {
    if (json) await terminal.write('stdout', `${JSON.stringify({ env: servers.env })}\n`);
    else {
      await terminal.write('stdout', servers.exports);
      const kept = dataDir === null ? 'in memory: it ends with the servers' : `in ${dataDir}`;
      await terminal.write('stderr', `sandbus: ${only.join(', ')} up; the state is ${kept}. Ctrl-C stops them.\n`);
    }
    await interrupted;
  } finally {
    await servers.close();
  }
  return exitCodes.ok;
}

/** What the servers are told; the file's TTL fields and those that were named besides count together. */
export async function readFirestoreSettings({ indexFile, ttlPolicies }: FirestoreSettings) {
  if (indexFile === null) return { ttlPolicies };
  const { readIndexFile } = await import('../local/index-file.ts');
  const file = readIndexFile(indexFile);
  return { indexes: file.indexes, ttlPolicies: [...file.ttlPolicies, ...ttlPolicies] };
}
