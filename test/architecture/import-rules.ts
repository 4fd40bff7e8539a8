import { folderOf, type SourcePath } from './source-tree.ts';

/**
 * What may import what. A unit is a folder, or a part of one that has its own rule. A file may always import its own
 * unit; a unit without a row may not exist.
 */
const foundations = ['schemas', 'execution', 'configuration', 'logging', 'topology'] as const;
const serviceMayImport = [...foundations, 'signing', 'workspace'] as const;
const serverMayImport = [...serviceMayImport, 'http'] as const;
const services = ['dispatcher', 'executor', 'result-collector', 'dead-letter', 'retention'] as const;

export const mayImport: Readonly<Record<string, readonly string[]>> = {
  schemas: [],
  logging: [],
  topology: [],
  indexes: [],
  execution: ['schemas'],
  configuration: ['execution'],
  signing: ['schemas', 'execution'],
  workspace: ['schemas', 'execution'],
  service: ['logging'],
  http: ['execution', 'configuration', 'logging'],
  dispatcher: serverMayImport,
  executor: serviceMayImport,
  'result-collector': serverMayImport,
  'dead-letter': serverMayImport,
  retention: serviceMayImport,
  client: serviceMayImport,
  gcp: [...foundations, 'signing'],
  containers: [...foundations],
  'local-server': ['local'],
  local: [...foundations, 'indexes', 'local-server'],
  cli: [...foundations, 'client', 'gcp', 'infra'],
  infra: ['topology', 'indexes', 'execution', 'configuration'],
  'infra-program': ['infra', 'topology', 'indexes'],
  // The environment that the program sets is read by the services themselves.
  'infra-test': [...foundations, ...services, 'gcp', 'infra', 'infra-program', 'indexes'],
  scripts: [],
  examples: [...foundations, 'client', 'local'],
};

interface Grant {
  readonly files: RegExp;
  readonly mayImport: readonly string[];
  /** Only by `import()`: what is not needed at the start must not be loaded then. */
  readonly onlyDynamically?: boolean;
}

/** Files that wire things together may import more than their folder. */
export const grants: readonly Grant[] = [
  {
    files: /^(?:dispatcher|executor|result-collector|dead-letter|retention)\/main\.ts$/,
    mayImport: ['gcp', 'service'],
  },
  { files: /^(?:dispatcher|result-collector)\/main\.ts$/, mayImport: ['containers'] },
  { files: /^executor\//, mayImport: ['gcp'], onlyDynamically: true },
  { files: /^client\/connect\.ts$/, mayImport: ['gcp'] },
  // A command line that talks to Google must not load servers; only the command that starts them does.
  { files: /^cli\/up\.ts$/, mayImport: ['local'], onlyDynamically: true },
  // The operator's own collection is the job's, in the process of the command line.
  { files: /^cli\/gc\.ts$/, mayImport: ['retention', 'client'], onlyDynamically: true },
  {
    files: /^local\/(?:main|stack|sweep-timer|retention-timer|render-welcome)\.ts$|^local\/stack\//,
    mayImport: ['gcp', 'containers', 'service', 'client', ...services],
  },
];

/** Folders that may import everything of the project: they use it from outside. */
export const unrestricted: ReadonlySet<string> = new Set(['test', 'bench']);

export function unitOf(path: SourcePath): string {
  if (path === 'infra/topology.ts') return 'topology';
  if (path === 'infra/firestore.ts') return 'indexes';
  if (path.startsWith('infra/program/test/')) return 'infra-test';
  if (path.startsWith('infra/program/')) return 'infra-program';
  if (/^local\/[^/]+\//.test(path) && !path.startsWith('local/stack/')) return 'local-server';
  return folderOf(path);
}

interface PackageRule {
  readonly packages: RegExp;
  readonly files: RegExp;
  readonly because: string;
}

export const packageRules: readonly PackageRule[] = [
  {
    packages: /^(?:@google-cloud\/.+|google-auth-library|google-gax)$/,
    files: /^(?:gcp|test|examples|bench|infra)\//,
    because: 'only gcp/ speaks with Google, so that there is one place where its errors and retries are known',
  },
  {
    packages: /^(?:@grpc\/.+|protobufjs)$/,
    files: /^(?:gcp|local|test|bench)\//,
    because: 'only the local servers and gcp/ speak gRPC',
  },
  {
    packages: /^(?:ajv|ajv-formats|esbuild|json-schema-to-typescript)$/,
    files: /^schemas\/generate\.ts$/,
    because: 'validators are generated: compiling them at start costs 70 ms',
  },
  {
    packages: /^(?:jest|@jest\/globals|fast-check|yaml|typescript)$/,
    files: /^(?:test|scripts|bench|infra\/program\/test)\//,
    because: 'tools of the tests are not there where the services run',
  },
  {
    packages: /^@pulumi\//,
    files: /^(?:infra|test)\//,
    because: 'only the deployment program needs it',
  },
];

interface ModuleRule {
  readonly modules: RegExp;
  readonly files: RegExp;
  readonly because: string;
}

export const moduleRules: readonly ModuleRule[] = [
  {
    modules: /^node:child_process$/,
    files:
      /^(?:executor\/|containers\/|local\/run\/|local\/stack|local\/main\.ts|cli\/|scripts\/|test\/|bench\/|infra\/)/,
    because: 'processes are started by the executor, and by what starts executors',
  },
];
