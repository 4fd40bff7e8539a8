import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Sandbus } from '../../client/index.ts';
import { startStack } from '../../local/stack.ts';

describe('a local stack that is stopped while somebody waits', () => {
  it('is told to all who wait, and closing the client does not wait for it', async () => {
    const stack = await startStack({ startDelayMs: 600_000, log: () => {} });
    const sandbus = new Sandbus({ env: stack.clientEnv });
    const launching = Promise.withResolvers<unknown>();
    const onState = (state: string) => state === 'launching' && launching.resolve(state);
    const running = await sandbus.session(`s-${randomUUID()}`).start('true', { onState });
    const events = sandbus.events();
    await Promise.all([launching.promise, events.ready]);
    const waits = [running.wait(), events.next(), running.output().next()].map((wait) =>
      wait.then(String, (error: Error) => error.message),
    );
    await stack.close();
    const told = expect.stringMatching(/^\[google\/unavailable\] the local stack at .* does not answer any more/);
    expect(await Promise.all(waits)).toEqual([told, told, told]);
    await sandbus.close();
  }, 40_000);
});
