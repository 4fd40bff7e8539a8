import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot, type RunningProgram, startProgram } from '../support/run-program.ts';
import { useStack } from '../support/stack.ts';

const names = ['dispatcher', 'result-collector', 'dead-letter'];
/** Only the servers: the services are processes of their own, as in production. */
const stack = useStack({ services: [] });

const start = (name: string, env: Readonly<Record<string, string>>): RunningProgram =>
  startProgram([process.execPath, '--disable-warning=ExperimentalWarning', `${projectRoot}/${name}/main.ts`], { env });

describe('each service as a process of its own', () => {
  let services: RunningProgram[] = [];
  beforeAll(async () => {
    services = names.map((name) => start(name, stack().stack.env));
    await Promise.all(services.map((service) => service.printed('"message":"started"')));
  });
  afterAll(async () => {
    for (const service of services) service.kill('SIGKILL');
    await Promise.all(services.map(({ ended }) => ended));
  });

  it('runs a command together with the others, finishes on SIGTERM with code 0, and tells no secret', async () => {
    const { sandbus, stack: running } = stack();
    const result = await sandbus.session(`s-${randomUUID()}`).exec('echo hi');
    expect(result).toMatchObject({ status: 'succeeded', stdout: 'hi\n' });
    for (const service of services) service.kill('SIGTERM');
    const ends = await Promise.all(services.map(({ ended }) => ended));
    expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual(names.map(() => [0, '']));
    const output = ends.map(({ stdout }) => stdout).join('');
    const secrets = [running.env.SANDBUS_LEASE_KEY, running.env.SANDBUS_RESULT_KEY];
    expect(secrets.filter((secret) => secret === undefined || output.includes(secret))).toEqual([]);
  }, 120_000);
});

describe('a service without its configuration', () => {
  it.each([
    [
      'dispatcher',
      'DISPATCHER_LEASE_API_URL is missing; Google Cloud: GOOGLE_CLOUD_PROJECT is missing; SANDBUS_BUCKET is missing',
    ],
    [
      'result-collector',
      'SANDBUS_JOB is missing; Google Cloud: GOOGLE_CLOUD_PROJECT is missing; SANDBUS_BUCKET is missing',
    ],
    [
      'dead-letter',
      'SANDBUS_RESULT_KEY is missing; Google Cloud: GOOGLE_CLOUD_PROJECT is missing; SANDBUS_BUCKET is missing',
    ],
  ])('%s does not start and says all that is missing', async (name, problem) => {
    const empty = Object.fromEntries(Object.keys(stack().stack.env).map((variable) => [variable, '']));
    const { code, stdout } = await start(name, empty).ended;
    expect([code, stdout]).toEqual([1, expect.stringContaining(problem)]);
  });
});
