import { describe, expect, it } from '@jest/globals';
import { runNode } from '../support/run-program.ts';
import { useStack } from '../support/stack.ts';

const stack = useStack();

describe('the example that receives a webhook', () => {
  it('verifies what it is sent, and tells how the command ended', async () => {
    const { env, clientEnv } = stack().stack;
    const withKey = { ...clientEnv, SANDBUS_WEBHOOK_KEY: env.SANDBUS_WEBHOOK_KEY ?? '' };
    const { code, stdout, stderr } = await runNode('examples/webhook-receiver.ts', [], { env: withKey });
    expect([code, stderr, stdout]).toEqual([0, '', `${JSON.stringify({ status: 'failed', exitCode: 3 })}\n`]);
  }, 120_000);
});
