import { randomUUID } from 'node:crypto';
import type { Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { renderTenant, renderTenants } from '../../cli/render-tenants.ts';
import { parseTenants } from '../../cli/tenants.ts';
import { createFirestoreClient } from '../../gcp/firestore-client.ts';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { useStack } from '../support/stack.ts';
import { runSandbus } from './run-sandbus.ts';

const stack = useStack({ env: { DISPATCHER_TENANT_MAX_RUNNING: '77', DISPATCHER_TENANT_MAX_QUEUED: '55' } });
const sandbus = (...args: readonly string[]) => runSandbus(['tenants', ...args], { env: stack().stack.clientEnv });
const sandbusJson = async (...args: readonly string[]) => JSON.parse((await sandbus(...args, '--json')).stdout);
const newTenant = () => `t-${randomUUID()}`;
let firestore: Firestore;
beforeAll(() => {
  firestore = createFirestoreClient(readGoogleConfig(stack().stack.clientEnv));
});
afterAll(() => firestore.terminate());

describe('the arguments of sandbus tenants', () => {
  it.each([
    [[], { verb: 'ls', json: false, limit: null }],
    [['ls', '--limit', '5', '--json'], { verb: 'ls', json: true, limit: 5 }],
    [['show', 't'], { verb: 'show', json: false, id: 't' }],
    [
      ['set', 't', '--weight', '1.5', '--max-running', '3', '--starts-per-minute', '4', '--max-queued', 'default'],
      {
        ...{ verb: 'set', json: false, id: 't' },
        change: { weight: 1.5, maxRunning: 3, startsPerMinute: 4, maxQueued: null },
      },
    ],
    [['set', 't', '--weight', '-1'], { verb: 'set', json: false, id: 't', change: { weight: -1 } }],
    [['set', 't', '--network', 'none'], { verb: 'set', json: false, id: 't', change: { network: 'none' } }],
    [
      ['set', 't', '--network', '{"allow":[{"host":"a.example.com"}]}'],
      { verb: 'set', json: false, id: 't', change: { network: { allow: [{ host: 'a.example.com' }] } } },
    ],
    [['set', 't', '--weight', 'two'], { verb: 'set', json: false, id: 't', change: { weight: 'two' } }],
    [
      ['set', 't', '--ceiling', 'memoryMb=512', '--ceiling', 'pids=default'],
      { verb: 'set', json: false, id: 't', change: { ceilings: { memoryMb: 512, pids: null } } },
    ],
    [['--help'], null],
  ])('%j are understood', (args, value) => {
    expect(parseTenants(args)).toEqual({ ok: true, value });
  });

  it.each([
    [['ls', 't'], '"t" is one argument too many'],
    [['show'], 'tenants show needs the id of a tenant'],
    [['show', 't', 'u'], '"u" is one argument too many'],
    [['set', '--weight', '1'], 'tenants set needs the id of a tenant'],
    [
      ['set', 't'],
      'tenants set needs one of --weight, --max-running, --starts-per-minute, --max-queued, --network, --ceiling',
    ],
    [['set', 't', '--ceiling', 'memoryMb'], '--ceiling "memoryMb" must be of the form name=value'],
    [['ls', '--ceiling', 'memoryMb=1'], '--ceiling belongs to set'],
    [['show', 't', '--max-queued', '1'], '--max-queued belongs to set'],
    [['set', 't', '--weight', '1', '--limit', '1'], '--limit belongs to ls'],
    [['--limit', '0'], '--limit "0" must be a whole number from 1 on'],
    [['rm', 't'], 'tenants has no "rm": it has ls, show and set'],
  ])('%j are refused', (args, problem) => {
    expect(parseTenants(args)).toEqual({ ok: false, problem });
  });
});

describe('tenants', () => {
  it('are a line each in the list', () => {
    const tenants = [
      { tenantId: 'a', limits: { weight: 2, maxQueued: 7, ceilings: { memoryMb: 512, pids: 64 } }, problems: [] },
      { tenantId: 'b', limits: {}, problems: ['unknown field "x"', 'weight "2" must be a number'] },
    ];
    expect(renderTenants(tenants, null).split('\n')).toEqual([
      'TENANT   WEIGHT  MAX-RUNNING  STARTS-PER-MINUTE  MAX-QUEUED  CEILINGS               WITHOUT EFFECT',
      'a             2      default            default           7  memoryMb 512, pids 64',
      'b       default      default            default     default  default                unknown field "x"; weight "2" must be a number',
      '',
    ]);
    expect(renderTenants([], 80)).toBe('no tenants: all have the limits of the deployment\n');
  });

  it.each([
    [{ weight: 1, maxRunning: 9, startsPerMinute: 8, maxQueued: 7 }, '9 (default of the deployment)'],
    [null, 'the default of the deployment'],
  ])('are shown with the default where nothing was set: %j', (defaults, shown) => {
    const tenant = { tenantId: 'a', limits: { weight: 2 }, load: { running: 1, starts: 3 }, queued: 4 };
    const lines = renderTenant({ ...tenant, defaults, problems: ['unknown field "x"'] }).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'weight           2',
        'ceilings         those of the deployment',
        `maxRunning       ${shown}`,
        'started          3 within the last minute',
        'without effect   unknown field "x"',
      ]),
    );
  });
});

describe('sandbus tenants', () => {
  it('sets limits, keeps those that are not named, and gives them back', async () => {
    const id = newTenant();
    const set = await sandbus('set', id, '--max-running', '3', '--weight', '0.5');
    expect(set).toEqual({ code: 0, stdout: `${id}: dispatchers know it within a minute\n`, stderr: '' });
    await sandbus('set', id, '--max-queued', '0');
    expect((await firestore.doc(`tenants/${id}`).get()).data()).toEqual({ maxRunning: 3, weight: 0.5, maxQueued: 0 });
    expect((await sandbusJson('set', id, '--weight', 'default')).tenant.limits).toEqual({
      maxRunning: 3,
      maxQueued: 0,
    });
    const { tenants } = await sandbusJson('ls', '--limit', '1000');
    expect(tenants).toContainEqual({ tenantId: id, limits: { maxRunning: 3, maxQueued: 0 }, problems: [] });
  }, 120_000);

  it('sets ceilings one by one, and gives them back', async () => {
    const id = newTenant();
    const ceilings = async (...options: readonly string[]) =>
      (await sandbusJson('set', id, ...options.flatMap((one) => ['--ceiling', one]))).tenant.limits;
    expect(await ceilings('memoryMb=512', 'timeoutMs=60000')).toEqual({
      ceilings: { memoryMb: 512, timeoutMs: 60_000 },
    });
    expect(await ceilings('pids=64', 'memoryMb=default')).toEqual({ ceilings: { timeoutMs: 60_000, pids: 64 } });
    expect((await sandbus('show', id)).stdout).toMatch(/^ceilings +timeoutMs 60000, pids 64$/m);
    expect(await ceilings('timeoutMs=default', 'pids=default')).toEqual({});
  }, 120_000);

  it('shows what holds for a tenant that nobody said anything of, as the dispatcher tells it', async () => {
    const id = newTenant();
    const { tenant } = await sandbusJson('show', id);
    expect(tenant).toEqual({
      ...{ tenantId: id, limits: {}, problems: [], load: { running: 0, starts: 0 }, queued: 0 },
      defaults: { weight: 1, maxRunning: 77, startsPerMinute: 180, maxQueued: 55 },
    });
  }, 120_000);

  it.each([
    [['--weight', 'two'], 'weight "two" must be a number'],
    [['--weight', '0'], 'weight 0 must be at least 0.001'],
    [['--max-running', '-1'], 'maxRunning -1 must be at least 0'],
    [['--ceiling', 'memoryMb=0'], 'ceilings.memoryMb 0 must be at least 1'],
    [
      ['--max-running', '1.5', '--max-queued', 'null'],
      'maxRunning 1.5 must be an integer; maxQueued "null" must be an integer',
    ],
  ])(
    'refuses %j and changes nothing',
    async (options, problem) => {
      const id = newTenant();
      const { code, stderr } = await sandbus('set', id, ...options);
      expect([code, stderr]).toEqual([2, expect.stringContaining(`[message/invalid] ${problem}\n`)]);
      expect((await firestore.doc(`tenants/${id}`).get()).exists).toBe(false);
    },
    60_000,
  );

  it('refuses an id that no tenant can have', async () => {
    const { code, stderr } = await sandbus('show', 'a/b');
    expect([code, stderr]).toEqual([2, expect.stringContaining('tenantId "a/b" must be')]);
  }, 120_000);

  it('tells what somebody mistyped by hand, and removes it with the next set', async () => {
    const id = newTenant();
    await firestore.doc(`tenants/${id}`).set({ maxRunning: '3', weight: 2, note: 'ask Ann' });
    const shown = (await sandbus('show', id)).stdout;
    expect(shown).toContain('maxRunning       77 (default of the deployment)\n');
    expect(shown).toContain('without effect   maxRunning "3" must be an integer\n');
    const set = (await sandbus('set', id, '--max-running', '3')).stdout;
    expect(set).toContain('removed, as it had no effect: unknown field "note"\n');
    expect((await firestore.doc(`tenants/${id}`).get()).data()).toEqual({ maxRunning: 3, weight: 2 });
  }, 120_000);
});
