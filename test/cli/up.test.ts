import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobsClient } from '@google-cloud/run';
import { credentials } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseUp } from '../../cli/up.ts';
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
  ])('are refused: $args', ({ args, problem }) => {
    expect(parseUp(args)).toEqual({ ok: false, problem });
  });
});

describe('sandbus up', () => {
  const started: RunningProgram[] = [];
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sandbus-up-'));
  });
  afterEach(async () => {
    for (const program of started) program.kill('SIGKILL');
    await Promise.all(started.splice(0).map(({ ended }) => ended));
    rmSync(folder, { recursive: true });
  });
  const up = (...args: readonly string[]) => {
    const main = join(projectRoot, 'cli/main.ts');
    const program = startProgram([process.execPath, '--disable-warning=ExperimentalWarning', main, 'up', ...args]);
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

  it('says which server cannot start, and why, when its folder is held by another', async () => {
    const args = ['--only', 'run', '--data', join(folder, 'data')];
    await up(...args).printed('CLOUD_RUN_EMULATOR_HOST');
    const { code, stderr } = await runSandbus(['up', ...args], { env: {} });

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
      ['pubsub', 'storage'].map((name) =>
        runSandbus(['up', '--only', name, `--port-${name}`, String(port)], { env: {} }),
      ),
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
    const { code, stderr } = await runSandbus(['up', '--only', 'run', '--port-run-rest', String(port)], { env: {} });
    other.close();

    expect([code, stderr]).toEqual([
      1,
      `sandbus: the run server cannot start on 127.0.0.1: another program has port ${port} of its JSON API; ` +
        'name another one, or none for a free one\n',
    ]);
  });
});
