import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { renderLocalEnv } from '../../local/local-env-file.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { openPipelineTools, type PipelineTools } from '../client/pipeline-tools.ts';
import { useStack } from '../support/stack.ts';
import { runSandbus } from './run-sandbus.ts';

/** A job that takes longer to start than any test takes: commands are accepted and never begin. */
const stack = useStack({ startDelayMs: 600_000 });
let tools: PipelineTools;
let folder: string;
beforeAll(async () => {
  tools = openPipelineTools(stack().stack.clientEnv);
  folder = await mkdtemp(join(tmpdir(), 'sandbus-cli-'));
});
afterAll(async () => {
  await tools.close();
  await rm(folder, { recursive: true });
});

const sandbus = (...args: readonly string[]) => runSandbus(args, { env: stack().stack.clientEnv, cwd: folder });
const newSession = () => `s-${randomUUID()}`;
const isLaunching = ({ state }: { state: string }) => state === 'launching';

async function startExecution(): Promise<{ readonly id: string; readonly sessionId: string }> {
  const { id, sessionId } = await stack().sandbus.session(newSession()).start('sleep 9', { live: false });
  await tools.untilExecution(id, isLaunching);
  return { id, sessionId };
}

async function reject(): Promise<{ readonly executionId: string; readonly sessionId: string }> {
  const result = await stack()
    .sandbus.session(newSession())
    .exec('true', { expiresAt: new Date(0) });
  await tools.untilExecution(result.executionId, ({ state }) => state === 'finished');
  return result;
}

describe('the sandbus command', () => {
  it('tells its version', async () => {
    expect(await sandbus('--version')).toEqual({ code: 0, stdout: `sandbus ${packageJson.version}\n`, stderr: '' });
  });

  it.each([['help'], ['--help'], ['-h']])('tells of its commands on %s', async (word) => {
    const { code, stdout } = await sandbus(word);
    expect([code, stdout.split('\n')[0]]).toEqual([
      0,
      'sandbus runs shell commands in sandboxed sessions over Pub/Sub.',
    ]);
  });

  it.each([
    'exec',
    'executions',
    'sessions',
    'dlq',
    'tenants',
    'sweep',
  ])('tells of %s alike in three ways', async (name) => {
    const [page, ...same] = await Promise.all([sandbus('help', name), sandbus(name, '--help'), sandbus(name, '-h')]);
    expect(page?.stdout).toContain(`sandbus ${name}`);
    expect(same).toEqual([page, page]);
  });

  it.each([
    { args: [], told: /^sandbus runs shell commands/ },
    { args: ['shell'], told: /^sandbus: there is no command "shell"\n {2}"sandbus help" tells how it is used.\n$/ },
    { args: ['help', 'me'], told: /^sandbus: there is no command "me"/ },
    { args: ['exec', '--', 'true'], told: /^sandbus: exec needs --session.*\n {2}"sandbus help exec" tells/ },
    { args: ['dlq', 'ls', '--network', 's'], told: /^sandbus: unknown option '--network'\n {2}"sandbus help dlq"/ },
  ])('exits with 2 when it is misused: $args', async ({ args, told }) => {
    expect(await sandbus(...args)).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(told) });
  });

  it('finds the local stack of the folder it is called in, and of those above it', async () => {
    const below = join(folder, 'project/src');
    await mkdir(join(folder, 'project/.sandbus'), { recursive: true });
    await mkdir(below);
    await writeFile(join(folder, 'project/.sandbus/local.env'), renderLocalEnv(stack().stack.clientEnv));
    expect(await runSandbus(['executions', '--limit', '1', '--json'], { env: {}, cwd: below })).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\{"executions":\[.*\]\}\n$/),
      stderr: '',
    });
  });

  it('says what is missing where there is neither a stack nor a project', async () => {
    const { code, stderr } = await runSandbus(['executions'], { env: {}, cwd: folder });
    expect(stderr).toBe(
      [
        'sandbus: [config/invalid] Google Cloud: GOOGLE_CLOUD_PROJECT is missing; SANDBUS_BUCKET is missing',
        '  Set the variables that the message lists, then start again.',
        '  Or start the local stack in this folder: npm start',
        '',
      ].join('\n'),
    );
    expect(code).toBe(1);
  });
});

describe('sandbus exec', () => {
  it('exits with 125 when the execution was rejected, and says why', async () => {
    const end = await sandbus('exec', '--session', newSession(), '--network', 'internet', '--', 'true');
    expect(end).toEqual({
      code: 125,
      stdout: '',
      stderr: 'sandbus: rejected: [request/network-unavailable] network "internet" is not allowed here\n',
    });
  });

  it('prints exactly one JSON object with --json, also of what never ran', async () => {
    const end = await sandbus('exec', '-s', newSession(), '--network', 'internet', '--json', '--check', '--', 'true');
    expect(end.code).toBe(125);
    expect(end.stdout.split('\n')).toHaveLength(2);
    expect(JSON.parse(end.stdout)).toMatchObject({
      status: 'rejected',
      exitCode: null,
      outcome: { kind: 'rejected', code: 'request/network-unavailable' },
      checkpoint: null,
      truncated: { stdout: false, stderr: false },
    });
    expect(end.stderr).toMatch(/\[client\/command-failed\] .* did not succeed\n$/);
  });

  it('exits with 2 and the reason when the request is not valid, with --json on standard output too', async () => {
    const end = await sandbus('exec', '-s', 'not/allowed', '--json', '--', 'true');
    const message = expect.stringContaining('[message/invalid] sessionId "not/allowed" must be');
    expect([end.code, end.stderr]).toEqual([2, message]);
    expect(JSON.parse(end.stdout)).toEqual({
      error: { code: 'message/invalid', message, retryable: false, hint: expect.any(String) },
    });
  });

  it.each([
    { args: ['exec', '-s', 's', '-e', '1A=x', '--', 'true'], told: '"1A"' },
    { args: ['exec', '-s', 's', '--timeout', '0s', '--', 'true'], told: 'timeoutMs' },
    { args: ['executions', '-s', 'not/allowed'], told: 'sessionId "not/allowed"' },
    { args: ['executions', '--limit', '1001'], told: 'limit 1001' },
    { args: ['dlq', '--limit=1001'], told: 'limit 1001' },
  ])('exits with 2 for a value that nothing can be done with: $args', async ({ args, told }) => {
    const end = await sandbus(...args);
    expect(end).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(told) });
  });

  it('shows what others wrote so that it cannot move the cursor', async () => {
    const { id } = await startExecution();
    await stack().sandbus.executions.cancel(id, 'done\u001b[2J');
    const { sessionId } = await tools.untilExecution(id, ({ state }) => state === 'finished');
    const end = await sandbus('exec', '-s', sessionId, '--idempotency-key', id, '--', 'sleep 9');
    expect(end).toEqual({ code: 130, stdout: '', stderr: 'sandbus: cancelled: done␛[2J\n' });
  });

  it('exits with 125 when the file to read is not there', async () => {
    const end = await sandbus('exec', '-s', newSession(), '--stdin', 'no-such-file', '--', 'cat');
    expect(end).toMatchObject({ code: 125, stderr: expect.stringMatching(/^sandbus: ENOENT.*no-such-file'\n$/) });
  });

  it('cancels the execution on Ctrl-C and exits with 130', async () => {
    const id = randomUUID();
    const end = await runSandbus(['exec', '-s', newSession(), '--idempotency-key', id, '--', 'sleep 9'], {
      env: stack().stack.clientEnv,
      onStart: (child) => void tools.untilExecution(id, isLaunching).then(() => child.kill('SIGINT')),
    });
    expect(end.code).toBe(130);
    expect(end.stderr).toBe('sandbus: cancelling; interrupt again to leave at once\nsandbus: cancelled: interrupted\n');
    const ended = await tools.untilExecution(id, ({ state }) => state === 'finished');
    expect(ended).toMatchObject({ result: { status: 'cancelled' } });
  });
});

describe('sandbus executions', () => {
  it('lists those of a session', async () => {
    const { id, sessionId } = await startExecution();
    const { code, stdout } = await sandbus('executions', '--session', sessionId);
    const [titles, line, ...rest] = stdout.split('\n');
    expect([code, rest]).toEqual([0, ['']]);
    expect(titles).toMatch(/^EXECUTION +SESSION +SEQ +STATUS +EXIT +ACCEPTED +TOOK +COMMAND$/);
    expect(line).toMatch(new RegExp(`^${id} +${sessionId} +1 +launching +20.*Z +sleep 9$`));
  });

  it('lists them as JSON', async () => {
    const { executionId, sessionId } = await reject();
    const { stdout } = await sandbus('executions', 'ls', '-s', sessionId, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ executions: [{ executionId, sessionId, status: 'rejected' }] });
  });

  it('shows one', async () => {
    const { executionId } = await reject();
    const shown = await sandbus('executions', 'show', executionId);
    expect(shown.stdout).toMatch(/^outcome +rejected: \[request\/expired\] expiresAt .* has passed$/m);
    const json = await sandbus('executions', 'show', executionId, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ executionId, result: { executionId, status: 'rejected' } });
  });

  it('exits with 1 when there is none of the id', async () => {
    expect(await sandbus('executions', 'show', 'never-was')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('sandbus: [control/unknown-execution] no such execution: "never-was"\n'),
    });
  });

  it('cancels one, and says when there was nothing to cancel', async () => {
    const { id } = await startExecution();
    expect(await sandbus('executions', 'cancel', id, '--reason', 'enough')).toEqual({
      code: 0,
      stdout: `${id}: its cancellation is asked for\n`,
      stderr: '',
    });
    await tools.untilExecution(id, ({ state }) => state === 'finished');
    const again = await sandbus('executions', 'cancel', id, '--json');
    expect(JSON.parse(again.stdout)).toEqual({ executionId: id, cancelling: false });
  });
});

describe('sandbus dlq', () => {
  const refused = (overrides: object = {}) =>
    tools.publishRefused(JSON.stringify({ sessionId: newSession(), command: '', ...overrides }));

  it('lists, shows and replays', async () => {
    const id = await refused();
    const listed = await sandbus('dlq', 'ls', '--state', 'open');
    expect(listed.stdout).toMatch(new RegExp(`^${id} +open +message/invalid +20.*executionId is required`, 'm'));
    const shown = await sandbus('dlq', 'show', id, '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({ deadLetterId: id, message: { command: '' } });

    const executionId = randomUUID();
    const edits = ['--set', `executionId=${executionId}`, '--set', 'command=echo hi', '--set', 'timeoutMs=5000'];
    const dryRun = await sandbus('dlq', 'replay', id, '--reason', 'mended', '--dry-run', ...edits);
    expect(dryRun).toMatchObject({ code: 0, stdout: expect.stringContaining('"command": "echo hi"') });

    const replayed = await sandbus('dlq', 'replay', id, '--reason', 'mended', ...edits);
    expect([replayed.code, replayed.stderr]).toEqual([0, '']);
    expect(replayed.stdout).toMatch(new RegExp(`^${id} +exec-requests +${executionId}$`, 'm'));
    const { request } = await tools.untilExecution(executionId, () => true);
    expect(request).toMatchObject({ request: { command: 'echo hi', timeoutMs: 5000 } });
  });

  it('stops a replay of many on Ctrl-C and tells how to go on', async () => {
    const labels = { batch: randomUUID() };
    for (let number = 0; number < 12; number += 1) await refused({ executionId: randomUUID(), labels });
    const order = [
      'dlq',
      'replay',
      '--label',
      `batch=${labels.batch}`,
      '--reason',
      'mended',
      '--set',
      'command=echo hi',
    ];
    const stopped = await runSandbus([...order, '--rate', '2'], {
      env: stack().stack.clientEnv,
      onStart: (child) => child.stderr?.once('data', () => child.kill('SIGINT')),
    });
    expect(stopped).toMatchObject({ code: 130, stdout: '', stderr: expect.stringContaining('… 2 of 12 replayed\n') });
    expect(stopped.stderr).toMatch(/stopped after \d+ of 12 dead letters; the same order goes on from there/);
    const resumed = await sandbus(...order);
    expect(resumed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+ replayed, 0 refused\n$/) });
  });

  it('exits with 1 when a replay is refused', async () => {
    const id = await refused();
    const end = await sandbus('dlq', 'replay', id, '--reason', 'try', '--set', 'timeoutMs=0', '--json');
    expect(end.code).toBe(1);
    expect(JSON.parse(end.stdout)).toMatchObject({
      replays: [{ deadLetterId: id, executionId: null, refused: expect.stringContaining('timeoutMs 0 must') }],
    });
  });

  it.each([
    { args: ['show', 'never-was'] },
    { args: ['replay', 'never-was', '--reason', 'x'] },
  ])('exits with 1 when there is none of the id: $args', async ({ args }) => {
    const end = await sandbus('dlq', ...args);
    const told = 'sandbus: [replay/unknown-dead-letter] no such dead letter: "never-was"\n';
    expect(end).toMatchObject({ code: 1, stderr: expect.stringContaining(told) });
  });
});
