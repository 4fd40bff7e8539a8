import { describe, expect, it } from '@jest/globals';
import { runNode } from '../support/run-program.ts';
import { useStack } from '../support/stack.ts';

const stack = useStack();

describe("the example with nothing but Google's clients", () => {
  it('publishes a request by hand, hears the completion event and the notification, and reads the record', async () => {
    const { code, stdout, stderr } = await runNode('examples/pubsub-only.ts', [], { env: stack().stack.clientEnv });
    expect([code, stderr]).toEqual([0, '']);
    const { completion, notification, record } = JSON.parse(stdout);
    const executionId = completion.executionId;
    expect(completion).toMatchObject({ exitCode: 3, status: 'failed', stdout: 'hello from /workspace\n' });
    expect(notification).toMatchObject({ executionId, status: 'failed', document: `executions/${executionId}` });
    expect(record).toMatchObject({ executionId, state: 'finished', result: { exitCode: 3 } });
  });
});
