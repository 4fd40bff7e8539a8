import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Firestore } from '@google-cloud/firestore';
import { JobsClient } from '@google-cloud/run';
import { credentials } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseUp, readFirestoreSettings } from '../../cli/up.ts';
import { findFreePort } from '../../local/free-port.ts';
import { projectRoot, type RunningProgram, startProgram } from '../support/run-program.ts';
import { runSandbus } from './run-sandbus.ts';

const all = ['pubsub', 'firestore', 'storage', 'run'];

describe('the arguments of sandbus up', () => {
  it.each([
    { args: [], value: { json: false, only: all, ports: {}, dataDir: null } },
    { args: ['--only', 'run,pubsub'], value: { json: false, only: ['pubsub', 'run'], ports: {}, dataDir: null } },
    { args: ['--port-run', '1', '--json'], value: { json: true, only: all, ports: { run: 1 }, dataDir: null } },
    { args: ['--port-pubsub=65535'], value: { json: false, only: all, ports: { pubsub: 65_535 }, dataDir: null } },
    { args: ['--data', 'd'], value: { json: false, only: all, ports: {}, dataDir: 'd' } },
    { args: ['--host', '127.0.0.1'], value: { json: false, only: all, ports: {}, dataDir: null } },
    {
      args: ['--port-run-rest', '80', '--run-start-delay-ms', '0'],
      value: { json: false, only: all, ports: {}, dataDir: null, run: { restPort: 80, startDelayMs: 0 } },
    },
    {
      args: ['--run-calls-per-minute', '1', '--run-executions=2'],
      value: { json: false, only: all, ports: {}, dataDir: null, run: { runJobPerMinute: 1, runningExecutions: 2 } },
    },
    {
      args: ['--indexes', 'i.json', '--ttl', 'a.at', '--ttl', 'b.c.at'],
      value: {
        ...{ json: false, only: all, ports: {}, dataDir: null },
        firestore: {
          indexFile: 'i.json',
          ttlPolicies: [
            { collectionId: 'a', fieldPath: 'at' },
            { collectionId: 'b', fieldPath: 'c.at' },
          ],
        },
      },
    },
    { args: ['-h'], value: null },
  ])('are read: $args', ({ args, value }) => {
    expect(parseUp(args)).toEqual({ ok: true, value });
  });

  it.each([
    { args: ['x'], problem: 'up takes no "x"' },
    { args: ['--only', 'redis'], problem: '--only "redis" must be one of pubsub, firestore, storage, run' },
    { args: ['--only', ''], problem: '--only "" must be one of pubsub, firestore, storage, run' },
    { args: ['--port-run', '0'], problem: expect.stringContaining('must be a port from 1 to 65535') },
    { args: ['--port-run', '65536'], problem: expect.stringContaining('must be a port from 1 to 65535') },
    { args: ['--port-run', '0.0.0.0:80'], problem: expect.stringContaining('the address is always 127.0.0.1') },
    { args: ['--only', 'run', '--port-pubsub', '1'], problem: '--port-pubsub is given, and --only leaves pubsub out' },
    { args: ['--host', '0.0.0.0'], problem: expect.stringContaining('reachable from this machine only') },
    { args: ['--port-run-rest', '0'], problem: expect.stringContaining('must be a port from 1 to 65535') },
    { args: ['--run-start-delay-ms', '5s'], problem: expect.stringContaining('must be a whole number') },
    { args: ['--run-executions', '-1'], problem: expect.stringContaining('must be a whole number') },
    {
      args: ['--only', 'pubsub', '--run-calls-per-minute', '1'],
      problem: '--run-calls-per-minute is given, and --only leaves run out',
    },
    { args: ['--data', ''], problem: '--data needs a folder' },
    { args: ['--indexes', ''], problem: '--indexes needs a file' },
    { args: ['--ttl', 'sessions'], problem: expect.stringContaining('"sessions" must be COLLECTION.FIELD') },
    { args: ['--ttl', 'sessions.'], problem: expect.stringContaining('must be COLLECTION.FIELD') },
    { args: ['--ttl', '.at'], problem: expect.stringContaining('must be COLLECTION.FIELD') },
    { args: ['--only', 'run', '--ttl', 'a.at'], problem: '--ttl is given, and --only leaves firestore out' },
    { args: ['--only', 'run', '--indexes', 'f'], problem: '--indexes is given, and --only leaves firestore out' },
  ])('are refused: $args', ({ args, problem }) => {
    expect(parseUp(args)).toEqual({ ok: false, problem });
  });
});

describe('sandbus up', () => {
  const started: RunningProgram[] = [];
  let folder: string;
  /** Its temporary folder, in the test's own. */
  let env: { readonly TMPDIR: string };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sandbus-up-'));
    env = { TMPDIR: join(folder, 'tmp') };
    mkdirSync(env.TMPDIR);
  });
  afterEach(async () => {
    for (const program of started) program.kill('SIGKILL');
    await Promise.all(started.splice(0).map(({ ended }) => ended));
    rmSync(folder, { recursive: true });
  });
  const up = (...args: readonly string[]) => {
    const main = join(projectRoot, 'cli/main.ts');
    const program = startProgram([process.execPath, '--disable-warning=ExperimentalWarning', main, 'up', ...args], {
      env,
    });
    started.push(program);
    return program;
  };
  const stop = async (program: RunningProgram) => {
    program.kill('SIGINT');
    return await program.ended;
  };

  it('prints the variables of what it started and ends with Ctrl-C', async () => {
    const program = up('--only', 'pubsub,storage');
    await program.printed('STORAGE_EMULATOR_HOST');
    const { code, stdout } = await stop(program);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^export PUBSUB_EMULATOR_HOST='127\.0\.0\.1:\d+'$/m);
    expect(stdout).toMatch(/^export STORAGE_EMULATOR_HOST='http:\/\/127\.0\.0\.1:\d+'$/m);
    expect(stdout).not.toMatch(/FIRESTORE|CLOUD_RUN|SANDBUS/);
  });

  it('has with --data what an earlier one had, at the same port', async () => {
    const port = await findFreePort();
    const args = ['--only', 'run', '--port-run', String(port), '--data', join(folder, 'data'), '--json'];
    const first = up(...args);
    await first.printed('}}');
    const jobs = new JobsClient({
      projectId: 'demo',
      apiEndpoint: '127.0.0.1',
      port,
      sslCreds: credentials.createInsecure(),
    });
    const parent = 'projects/demo/locations/here';
    const job = { template: { template: { containers: [{ image: 'local/true', command: ['true'] }] } } };
    await jobs.createJob({ parent, jobId: 'kept', job });
    const { stdout } = await stop(first);
    const second = up(...args);
    await second.printed('}}');
    const [found] = await jobs.getJob({ name: `${parent}/jobs/kept` });
    await jobs.close();

    expect(JSON.parse(stdout)).toMatchObject({ env: { CLOUD_RUN_EMULATOR_HOST: `127.0.0.1:${port}` } });
    expect(found.name).toBe(`${parent}/jobs/kept`);
  });

  it('serves Cloud Run as JSON too, with the quotas and the start delay that were asked for', async () => {
    const port = String(await findFreePort());
    const settings = ['--run-calls-per-minute', '1', '--run-start-delay-ms', '600000', '--port-run-rest', port];
    const program = up('--only', 'run', ...settings);
    const url = `http://127.0.0.1:${port}`;
    await program.printed(`export CLOUD_RUN_REST_URL='${url}'`);
    const parent = 'v2/projects/demo/locations/here';
    const containers = [{ image: 'local/true', command: ['true'] }];
    const post = async (path: string, body: unknown) => {
      const answer = await fetch(`${url}/${path}`, { method: 'POST', body: JSON.stringify(body) });
      return [answer.status, await answer.json()];
    };
    await post(`${parent}/jobs?jobId=one`, { template: { template: { containers } } });
    const first = await post(`${parent}/jobs/one:run`, {});
    const second = await post(`${parent}/jobs/one:run`, {});
    const running = await (await fetch(`${url}/${parent}/jobs/one/executions`)).json();
    await stop(program);

    expect(first).toEqual([200, expect.objectContaining({ name: expect.stringContaining('/operations/') })]);
    expect(second).toEqual([429, { error: expect.objectContaining({ status: 'RESOURCE_EXHAUSTED' }) }]);
    expect(running).toMatchObject({ executions: [{ conditions: [{ state: 'CONDITION_PENDING' }, {}] }] });
  });

  it('keeps its key file in the folder of --data, at the same place, for its user alone, however it ends', async () => {
    const data = join(folder, 'data');
    const ends = [];
    for (const signal of ['SIGKILL', 'SIGKILL', 'SIGINT'] as const) {
      const program = up('--only', 'storage', '--data', data, '--json');
      await program.printed('}}');
      program.kill(signal);
      const { env: variables } = JSON.parse((await program.ended).stdout);
      ends.push(variables.GOOGLE_APPLICATION_CREDENTIALS);
    }
    const file = join(data, 'credentials.json');
    const left = readdirSync(env.TMPDIR, { recursive: true, withFileTypes: true });

    expect(ends).toEqual([file, file, file]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8')).private_key).toBe(
      readFileSync(join(data, 'storage-signer.pem'), 'utf8'),
    );
    expect(left.filter((entry) => !entry.isDirectory())).toEqual([]);
  });

  it('leaves nothing in the temporary folder when it ends with Ctrl-C', async () => {
    const program = up();
    await program.printed('CLOUD_RUN_REST_URL');
    await stop(program);

    expect(readdirSync(env.TMPDIR)).toEqual([]);
  });

  it('names the keys of pushes, and refuses queries without an index as the file says', async () => {
    const file = join(folder, 'firestore.indexes.json');
    const fields = ['ready', 'at'].map((fieldPath) => ({ fieldPath, order: 'ASCENDING' }));
    const index = { collectionGroup: 'declared', queryScope: 'COLLECTION', fields };
    writeFileSync(file, JSON.stringify({ indexes: [index], fieldOverrides: [] }));
    const program = up('--only', 'pubsub,firestore', '--indexes', file, '--json');
    await program.printed('}}');
    const { env: variables } = JSON.parse(program.stdout());
    const firestore = new Firestore({ projectId: 'p', host: variables.FIRESTORE_EMULATOR_HOST, ssl: false });
    const query = (name: string) => firestore.collection(name).where('ready', '==', true).orderBy('at').get();
    const answers = await Promise.allSettled([query('declared'), query('undeclared')]);
    await firestore.terminate();
    const keys = await (await fetch(variables.PUBSUB_PUSH_JWKS_URL)).json();

    expect(answers).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 9, details: expect.stringContaining('requires an index') } },
    ]);
    expect(keys).toMatchObject({ keys: [{ kty: 'RSA' }] });
  });

  it('takes TTL fields from the file of indexes and from --ttl, and wants no index where no file is given', async () => {
    const file = join(folder, 'firestore.indexes.json');
    const inFile = { collectionGroup: 'a', fieldPath: 'at', ttl: true };
    writeFileSync(file, JSON.stringify({ fieldOverrides: [inFile] }));
    const given = { collectionId: 'b', fieldPath: 'at' };

    expect(await readFirestoreSettings({ indexFile: file, ttlPolicies: [given] })).toEqual({
      indexes: [],
      ttlPolicies: [{ collectionId: 'a', fieldPath: 'at' }, given],
    });
    expect(await readFirestoreSettings({ indexFile: null, ttlPolicies: [given] })).toEqual({ ttlPolicies: [given] });
  });

  it('does not start with a file of indexes that it cannot read, and says where', async () => {
    const file = join(folder, 'firestore.indexes.json');
    writeFileSync(file, '{"indexes": [{"collectionGroup": "c"}]}');
    const { code, stdout, stderr } = await runSandbus(['up', '--only', 'firestore', '--indexes', file], { env });

    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe(`sandbus: cannot use the indexes of "${file}": indexes[0].fields must be a list\n`);
  });

  it('says which server cannot start, and why, when its folder is held by another', async () => {
    const args = ['--only', 'run', '--data', join(folder, 'data')];
    await up(...args).printed('CLOUD_RUN_EMULATOR_HOST');
    const { code, stderr } = await runSandbus(['up', ...args], { env });

    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^sandbus: the run server cannot start.*in use by another/),
    ]);
  });

  it('names the port that another program has, and says nothing else', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const ends = await Promise.all(
      ['pubsub', 'storage'].map((name) => runSandbus(['up', '--only', name, `--port-${name}`, String(port)], { env })),
    );
    other.close();

    const problem = (name: string) =>
      `sandbus: the ${name} server cannot start on 127.0.0.1:${port}: another program has this port; ` +
      'name another one, or none for a free one\n';
    expect(ends).toEqual([
      { code: 1, stdout: '', stderr: problem('pubsub') },
      { code: 1, stdout: '', stderr: problem('storage') },
    ]);
  });

  it('names the port of the JSON API that another program has', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await runSandbus(['up', '--only', 'run', '--port-run-rest', String(port)], { env });
    other.close();

    expect([code, stderr]).toEqual([
      1,
      `sandbus: the run server cannot start on 127.0.0.1: another program has port ${port} of its JSON API; ` +
        'name another one, or none for a free one\n',
    ]);
  });
});
