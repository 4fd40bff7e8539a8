import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parseWebhooks } from '../../cli/webhooks.ts';
import { useStack } from '../support/stack.ts';
import { runSandbus } from './run-sandbus.ts';

const stack = useStack();
const off = useStack({ env: { SANDBUS_WEBHOOK_KEY: '' } });
const sandbus = (...args: readonly string[]) => runSandbus(['webhooks', ...args], { env: stack().stack.env });

describe('the arguments of sandbus webhooks', () => {
  it.each([
    [[], { verb: 'ls', json: false }],
    [
      ['add', 'ci', 'https://a.example/'],
      { verb: 'add', json: false, id: 'ci', options: { url: 'https://a.example/' } },
    ],
    [
      ['add', 'ci', 'u', '--tenant', 't', '--status', 'lost', '--status', 'failed', '--secret-version', '2'],
      {
        ...{ verb: 'add', json: false, id: 'ci' },
        options: { url: 'u', tenantId: 't', statuses: ['lost', 'failed'], secretVersion: 2 },
      },
    ],
    [['rm', 'ci', '--json'], { verb: 'rm', json: true, id: 'ci' }],
    [['enable', 'ci'], { verb: 'enable', json: false, id: 'ci' }],
    [['secret', 'ci'], { verb: 'secret', json: false, id: 'ci', version: null }],
  ])('%j are understood', (args, value) => {
    expect(parseWebhooks(args)).toEqual({ ok: true, value });
  });
  it.each([
    [['add', 'ci'], 'webhooks add needs an id and a URL'],
    [['rm'], 'webhooks rm needs the id of a webhook'],
    [['rm', 'a', 'b'], '"b" is one argument too many'],
    [['ls', 'a'], '"a" is one argument too many'],
    [['enable', 'a', '--tenant', 't'], '--tenant and --status belong to add'],
    [['rm', 'a', '--secret-version', '1'], '--secret-version belongs to add and secret'],
    [['pause', 'a'], 'webhooks has no "pause": it has ls, add, rm, enable and secret'],
  ])('%j are refused', (args, problem) => {
    expect(parseWebhooks(args)).toEqual({ ok: false, problem });
  });
});

describe('sandbus webhooks', () => {
  it('adds, lists, enables and removes a webhook, and tells its secret', async () => {
    const id = `w-${randomUUID()}`;
    const url = 'https://ci.example.com/hook';
    expect(await sandbus('add', id, url, '--status', 'lost')).toMatchObject({ code: 0, stderr: '' });
    const listed = JSON.parse((await sandbus('ls', '--json')).stdout).webhooks;
    expect(listed).toContainEqual(
      expect.objectContaining({ webhookId: id, url, statuses: ['lost'], secretVersion: 1 }),
    );
    expect((await sandbus('ls')).stdout).toContain(`${id}  active`);
    expect(await sandbus('enable', id)).toMatchObject({ code: 0, stderr: '' });
    const [first, next] = [await sandbus('secret', id), await sandbus('secret', id, '--secret-version', '2')];
    expect([first.stdout, next.stdout]).toEqual([
      expect.stringMatching(/^[\w-]{43}\n$/),
      expect.not.stringMatching(first.stdout),
    ]);
    expect(await sandbus('rm', id)).toEqual({ code: 0, stdout: `${id}: removed\n`, stderr: '' });
    expect((await sandbus('ls')).stdout).not.toContain(id);
  }, 180_000);

  it('refuses a status that there is none of, and a URL that nothing may be sent to', async () => {
    expect(await sandbus('add', 'ci', 'https://ci.example/', '--status', 'sad')).toMatchObject({ code: 2 });
    const { code, stderr } = await sandbus('add', 'ci', 'https://10.0.0.1/');
    expect([code, stderr]).toEqual([1, expect.stringContaining('10.0.0.1 is not an address of the internet')]);
  }, 180_000);

  it('says that webhooks are off where the services have no key, and tells no secret', async () => {
    const { SANDBUS_WEBHOOK_KEY: _, ...env } = off().stack.env;
    const added = await runSandbus(['webhooks', 'add', 'ci', 'https://ci.example/'], { env });
    expect([added.code, added.stderr]).toEqual([1, expect.stringContaining('SANDBUS_WEBHOOK_KEY is not set')]);
    const asked = await runSandbus(['webhooks', 'secret', 'ci'], { env });
    expect([asked.code, asked.stderr]).toEqual([1, expect.stringContaining('SANDBUS_WEBHOOK_KEY is missing')]);
  }, 180_000);
});
