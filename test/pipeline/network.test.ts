import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { useStack } from '../support/stack.ts';

/** A deployment that gives networks. */
const stack = useStack({ env: { DISPATCHER_NETWORKS: 'none,internet' } });

const askMetadata =
  'curl -s -o /dev/null -w "%{http_code}\\n" --max-time 20 http://169.254.169.254/computeMetadata/v1/';

describe('a command with a network', () => {
  it('does not reach the metadata server, and its result says so', async () => {
    const { sandbus } = stack();
    const { stdout, network, wall } = await sandbus
      .session(`s-${randomUUID()}`)
      .exec(askMetadata, { network: 'internet' });
    expect({ stdout, network, wall }).toEqual({
      stdout: '403\n',
      network: { refused: [{ host: '169.254.169.254', port: 80, reason: 'not-public', count: 1 }], more: 0 },
      wall: 'bubblewrap',
    });
  });

  it('has no more of it than its tenant may have', async () => {
    const { sandbus } = stack();
    const tenantId = `t-${randomUUID()}`;
    await sandbus.tenants.set(tenantId, { network: { allow: [{ host: '*.example.com' }] } });
    const session = sandbus.session(`s-${randomUUID()}`);
    const within = await session.exec('true', { tenantId, network: { allow: [{ host: 'a.example.com' }] } });
    const beyond = await session.exec('true', { tenantId, network: 'internet' });
    expect([within.status, beyond.outcome]).toEqual([
      'succeeded',
      {
        kind: 'rejected',
        code: 'request/network-not-allowed',
        message: `tenants/${tenantId} allows less than network "internet"`,
      },
    ]);
  });

  it('cannot be given by a tenant whose network nobody can read', async () => {
    const { sandbus } = stack();
    const change = sandbus.tenants.set('t', { network: { allow: [{ cidr: '10.0.0.1/8' }] } });
    await expect(change).rejects.toMatchObject({
      code: 'message/invalid',
      message: expect.stringContaining('network allow[0].cidr "10.0.0.1/8" must be a range'),
    });
  });
});
