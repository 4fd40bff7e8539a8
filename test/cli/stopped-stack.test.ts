import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { startStack } from '../../local/stack.ts';
import { openPipelineTools } from '../client/pipeline-tools.ts';
import { runSandbus } from './run-sandbus.ts';

describe('sandbus exec, when the local stack is stopped meanwhile', () => {
  it('says so and ends', async () => {
    const stack = await startStack({ startDelayMs: 600_000, log: () => {} });
    const tools = openPipelineTools(stack.clientEnv);
    const id = randomUUID();
    const args = ['exec', '-s', `s-${randomUUID()}`, '--idempotency-key', id, '--', 'true'];
    const ending = runSandbus(args, { env: stack.clientEnv });
    await tools.untilExecution(id, ({ state }) => state === 'launching');
    await tools.close();
    await stack.close();
    expect(await ending).toEqual({
      code: 125,
      stdout: '',
      stderr: expect.stringMatching(
        /^sandbus: \[google\/unavailable\] the local stack at 127\.0\.0\.1:\d+ does not answer any more: was it stopped/,
      ),
    });
  }, 40_000);
});
