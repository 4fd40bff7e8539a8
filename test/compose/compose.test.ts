import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseUp } from '../../cli/up.ts';
import { executorEnvironment } from '../../configuration/executor-environment.ts';
import { readDeadLetterConfig } from '../../dead-letter/config.ts';
import { readDispatcherConfig } from '../../dispatcher/config.ts';
import { containerOptions } from '../../dispatcher/launchers/container-options.ts';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { localJob, localProject } from '../../local/servers.ts';
import { readStackKeys } from '../../local/stack-keys.ts';
import { readCollectorConfig } from '../../result-collector/config.ts';
import { readRetentionConfig } from '../../retention/config.ts';
import { readTable } from '../architecture/read-table.ts';
import { allFiles, readSource } from '../architecture/source-tree.ts';
import { parseDockerfile } from '../images/support/parse-dockerfile.ts';
import { projectRoot } from '../support/run-program.ts';
import { readCompose, serviceOf, waitedFor } from './read-compose.ts';

const compose = readCompose();
const services = Object.entries(compose.services);
const own = services.filter(([, { build }]) => build !== undefined);
const emulators = services.filter(([, { build }]) => build === undefined);
const pinned = /^[\w.-]+\.[\w/.-]+:\d+\.\d+\.\d+-[a-z]+@sha256:[0-9a-f]{64}$/;

/** Of the Compose specification: what this file uses, so that a misspelt one is seen. */
const knownKeys = [
  ...[
    'build',
    'cap_add',
    'cap_drop',
    'command',
    'depends_on',
    'entrypoint',
    'environment',
    'image',
    'init',
    'mem_limit',
  ],
  ...['network_mode', 'pids_limit', 'ports', 'profiles', 'read_only', 'security_opt', 'stop_grace_period', 'tmpfs'],
  ...['ulimits', 'user', 'volumes'],
];

/** What the programs read besides the variables of docs/configuration.md. */
const ofGooglesClients = ['METADATA_SERVER_DETECTION'];
const [, table = ''] =
  /<!-- configuration -->([\s\S]*?)<!-- \/configuration -->/.exec(readSource('docs/configuration.md')) ?? [];
const variables = [...readTable(table).map(([name = '']) => name), ...ofGooglesClients];

const envOf = (name: string) => ({ ...serviceOf(compose, name).environment, ...readStackKeys(null) });

describe('compose.yaml', () => {
  it('has the services of a deployment, what stands for Google, and what uses them', () => {
    expect(Object.keys(compose.services)).toEqual([
      ...['pubsub', 'firestore', 'storage', 'cloud-run', 'prepare'],
      ...['dispatcher', 'result-collector', 'dead-letter', 'schedule', 'sandbus'],
    ]);
  });

  it.each(services)('uses only keys of the specification that are known here: %s', (_name, service) => {
    expect(Object.keys(service).filter((key) => !knownKeys.includes(key))).toEqual([]);
  });

  it.each(emulators)('pins the image by version and digest, and overrides its command: %s', (_name, service) => {
    expect([service.image, service.command[0]]).toEqual([expect.stringMatching(pinned), 'gcloud']);
  });

  it.each(own)('builds the image from a Dockerfile that copies the program it runs: %s', (_name, service) => {
    const { context, dockerfile } = service.build ?? { context: '', dockerfile: '' };
    expect([context, existsSync(join(projectRoot, dockerfile))]).toEqual(['.', true]);
    const last = parseDockerfile(readFileSync(join(projectRoot, dockerfile), 'utf8')).stages.at(-1);
    const copied = last?.instructions.filter(({ name }) => name === 'COPY').flatMap(({ words }) => words) ?? [];
    const programs = [...(service.entrypoint ?? []), ...(service.command ?? [])].filter((word) => word.endsWith('.ts'));
    expect(programs.map((path) => [path, allFiles.includes(path), copied.includes(path.split('/')[0] ?? '')])).toEqual([
      [programs[0], true, true],
    ]);
  });

  it('publishes ports on loopback alone, and not the one on which commands can be started', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports).toEqual(['127.0.0.1:8085:8085', '127.0.0.1:8086:8086', '127.0.0.1:9023:9023']);
  });

  it('has one network, so that an address means the same everywhere', () => {
    const others = services.filter(([name]) => name !== 'pubsub');
    expect([...new Set(others.map(([, { network_mode }]) => network_mode))]).toEqual(['service:pubsub']);
  });

  it('waits only for services that there are', () => {
    const names = services.flatMap(([, service]) => waitedFor(service));
    expect(names.filter((name) => compose.services[name] === undefined)).toEqual([]);
  });

  it('mounts nothing of the machine, the socket of the engine least of all', () => {
    const mounts = services.flatMap(([, service]) => service.volumes ?? []);
    expect(mounts.filter((mount) => !Object.hasOwn(compose.volumes, mount.split(':')[0] ?? ''))).toEqual([]);
  });

  it('gives the keys and credentials to every service but the one that starts executors', () => {
    const without = own.filter(([, { volumes = [] }]) => volumes.length === 0).map(([name]) => name);
    expect(without).toEqual(['cloud-run']);
    expect(serviceOf(compose, 'cloud-run').environment).toBeUndefined();
  });

  it('writes no key down', () => {
    const written = services.flatMap(([, { environment = {} }]) => Object.keys(environment));
    expect(written.filter((name) => name.endsWith('_KEY'))).toEqual([]);
  });

  it.each(services)('sets only variables that exist, as texts: %s', (_name, { environment = {} }) => {
    expect(Object.keys(environment).filter((name) => !variables.includes(name))).toEqual([]);
    expect(Object.values(environment).filter((value) => typeof value !== 'string')).toEqual([]);
  });

  it.each([
    ['dispatcher', readDispatcherConfig],
    ['result-collector', readCollectorConfig],
    ['dead-letter', readDeadLetterConfig],
    ['schedule', readRetentionConfig],
  ])('gives %s a configuration that it accepts, with the keys of services.env', (name, read) => {
    expect(() => [read(envOf(name)), readGoogleConfig(envOf(name))]).not.toThrow();
  });

  it('leads all to the same servers, at the ports on which these listen', () => {
    const google = own.flatMap(([name, { environment }]) => (environment ? [readGoogleConfig(envOf(name))] : []));
    const [first] = google;
    expect(google.filter((config) => JSON.stringify(config) !== JSON.stringify(first))).toEqual([]);
    const told = (name: string, words: RegExp) => words.exec(serviceOf(compose, name).command.join(' '))?.[1];
    expect([first?.projectId, serviceOf(compose, 'prepare').environment?.SANDBUS_JOB]).toEqual([
      localProject,
      localJob,
    ]);
    expect({
      pubsub: told('pubsub', /--host-port=0\.0\.0\.0:(\d+)/),
      firestore: told('firestore', /--host-port=0\.0\.0\.0:(\d+)/),
      storage: `http://127.0.0.1:${told('storage', /--port (\d+)/)}`,
      run: told('cloud-run', /--port-run (\d+)/),
    }).toEqual({
      pubsub: String(first?.endpoints.pubsub?.port),
      firestore: String(first?.endpoints.firestore?.port),
      storage: first?.endpoints.storage,
      run: String(first?.endpoints.run?.port),
    });
  });

  it('starts Cloud Run with words that the command line takes', () => {
    const [program, command, ...args] = serviceOf(compose, 'cloud-run').command;
    expect([program, command, parseUp(args)]).toEqual([
      'cli/main.ts',
      'up',
      { ok: true, value: expect.objectContaining({ only: ['run'], ports: { run: 9024 } }) },
    ]);
  });

  it('tells executors to have bubblewrap as their wall and no other', () => {
    expect(executorEnvironment(envOf('prepare')).EXECUTOR_WALL).toBe('bubblewrap');
  });

  it('opens for executors what the launcher of containers opens for bubblewrap in Docker, and nothing more', () => {
    const options = containerOptions({
      ...{ image: 'x', pull: 'never', memoryMb: 64, cpus: '1', pids: 16, openFiles: 256, network: 'bridge' },
      ...{ scratchMb: 16, wall: 'bubblewrap', engine: 'docker', more: [] },
    });
    const given = (option: string) => options.flatMap((word, index) => (options[index - 1] === option ? [word] : []));
    const { cap_add, cap_drop, security_opt } = serviceOf(compose, 'cloud-run');
    expect({ cap_add, cap_drop, security_opt }).toEqual({
      cap_add: given('--cap-add'),
      cap_drop: given('--cap-drop'),
      security_opt: given('--security-opt'),
    });
  });

  it('opens nothing for any other', () => {
    const others = own.filter(([name]) => name !== 'cloud-run').map(([, service]) => service);
    expect(
      others.map(({ cap_add, cap_drop, security_opt, user }) => ({ cap_add, cap_drop, security_opt, user })),
    ).toEqual(others.map(() => ({ cap_drop: ['ALL'], security_opt: ['no-new-privileges'] })));
  });
});
