import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { StartOptions } from '../../client/index.ts';
import { type TestStack, useStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { runSandbus } from './run-sandbus.ts';

/** Jobs that never begin: what was launched runs on for the length of a test. */
const never = { startDelayMs: 600_000 };
const stack = useStack({
  ...never,
  env: { DISPATCHER_TENANT_MAX_RUNNING: '2', DISPATCHER_MAX_GAP_MS: '3600000' },
});
const small = useStack({ ...never, env: { DISPATCHER_MAX_RUNNING: '1' } });
const withoutQuota = useStack({
  ...never,
  runQuotas: { runningExecutions: 1 },
  env: { DISPATCHER_POSTPONE_MS: '60000' },
});

const newTenant = () => `t-${randomUUID()}`;
const newSession = () => `s-${randomUUID()}`;

/** Asks for a command and waits until its record says that it is so far. */
async function start(
  { sandbus }: TestStack,
  state: 'queued' | 'launching',
  { sessionId = newSession(), ...options }: StartOptions & { readonly sessionId?: string } = {},
): Promise<string> {
  const { id } = await sandbus.session(sessionId).start('true', { live: false, ...options });
  await until(`${id} is ${state}`, async () => ((await sandbus.executions.get(id))?.state === state ? id : null));
  return id;
}

async function show({ stack: { clientEnv } }: TestStack, id: string) {
  const [text, json] = await Promise.all([
    runSandbus(['executions', 'show', id], { env: clientEnv }),
    runSandbus(['executions', 'show', id, '--json'], { env: clientEnv }),
  ]);
  // How wide the first column is depends on the other rows.
  const lines = text.stdout.split('\n').filter((line) => line.startsWith('waits for'));
  return { lines: lines.map((line) => line.replace(/ {2,}/, ' ')), waiting: JSON.parse(json.stdout).waiting };
}

describe('an execution that is shown while it is queued', () => {
  it('says which executions of its session go before it', async () => {
    const sessionId = newSession();
    const first = await start(stack(), 'launching', { sessionId });
    const second = await start(stack(), 'queued', { sessionId });
    const third = await start(stack(), 'queued', { sessionId });
    const { lines, waiting } = await show(stack(), third);
    expect(waiting).toEqual([{ kind: 'session', active: first, behind: second, position: 2 }]);
    expect(lines).toEqual([
      `waits for ${first}, which has the session's turn, and is behind ${second}; 2 executions of the session before it`,
    ]);
  }, 120_000);

  it('says which number of its session is awaited, and until when', async () => {
    const id = await start(stack(), 'queued', { sequence: 3 });
    const { lines, waiting } = await show(stack(), id);
    expect(waiting).toEqual([
      { kind: 'sequence', sequence: 3, awaited: 1, missing: 2, until: expect.stringMatching(/^20.*Z$/) },
    ]);
    expect(lines).toEqual([
      expect.stringMatching(/^waits for sequence 1 and 1 more below 3, until 20.*; its own is 3$/),
    ]);
  }, 120_000);

  it.each([
    ['maxRunning', '1 running'],
    ['startsPerMinute', '1 started within the last minute'],
  ] as const)(
    'names the limit %s of its tenant, with its value',
    async (limit, told) => {
      const tenantId = newTenant();
      await stack().sandbus.tenants.set(tenantId, { [limit]: 1 });
      await start(stack(), 'launching', { tenantId });
      const id = await start(stack(), 'queued', { tenantId });
      const { lines, waiting } = await show(stack(), id);
      const reason = { kind: 'tenant-limit', executionId: id, tenantId, limit, value: 1, count: 1, setBy: 'tenant' };
      expect(waiting).toEqual([reason, expect.objectContaining({ kind: 'turn', aheadOfTenant: 0 })]);
      expect(lines[0]).toBe(`waits for its tenant ${tenantId}: ${told}, ${limit} is 1`);
    },
    60_000,
  );

  it('names the limit that the deployment gives to tenants, and how many of the tenant go first', async () => {
    const tenantId = newTenant();
    for (const _ of Array(2)) await start(stack(), 'launching', { tenantId });
    await start(stack(), 'queued', { tenantId });
    const { waiting } = await show(stack(), await start(stack(), 'queued', { tenantId }));
    expect(waiting).toMatchObject([
      { kind: 'tenant-limit', limit: 'maxRunning', value: 2, count: 2, setBy: 'deployment' },
      { kind: 'turn', aheadOfTenant: 1 },
    ]);
  }, 120_000);

  it('names the limit of the deployment', async () => {
    await start(small(), 'launching', { tenantId: newTenant() });
    const { waiting } = await show(small(), await start(small(), 'queued', { tenantId: newTenant() }));
    expect(waiting).toMatchObject([
      { kind: 'deployment-limit', limit: 'maxRunning', value: 1, count: 1 },
      { kind: 'turn', aheadOfTenant: 0, ofOtherTenants: 0 },
    ]);
  }, 120_000);

  it('says that Cloud Run had no capacity for it, and for those behind it', async () => {
    await start(withoutQuota(), 'launching');
    const sessionId = newSession();
    const refused = await start(withoutQuota(), 'queued', { sessionId });
    const id = await start(withoutQuota(), 'queued', { sessionId });
    const quota = { kind: 'cloud-run-quota', executionId: refused, refusals: 1 };
    expect((await show(withoutQuota(), refused)).waiting).toMatchObject([quota, { kind: 'turn' }]);
    const { lines, waiting } = await show(withoutQuota(), id);
    expect(waiting).toMatchObject([{ kind: 'session', behind: refused }, quota, { kind: 'turn' }]);
    expect(lines[1]).toContain(`waits for ${refused}: capacity of Cloud Run: its launch was refused 1 time`);
  }, 120_000);

  it('is found by its state and its tenant', async () => {
    const tenantId = newTenant();
    await stack().sandbus.tenants.set(tenantId, { maxRunning: 1 });
    await start(stack(), 'launching', { tenantId });
    const id = await start(stack(), 'queued', { tenantId });
    const args = ['executions', 'ls', '--state', 'queued', '--tenant', tenantId, '--json'];
    const { stdout } = await runSandbus(args, { env: stack().stack.clientEnv });
    expect(JSON.parse(stdout)).toMatchObject({ executions: [{ executionId: id }] });
  }, 120_000);
});
