import { afterAll, beforeAll } from '@jest/globals';
import { Sandbus } from '../../client/index.ts';
import { type RunningStack, type StackOptions, startStack } from '../../local/stack.ts';

export interface TestStack {
  readonly stack: RunningStack;
  readonly sandbus: Sandbus;
  /** Everything that the services logged. */
  readonly logged: readonly string[];
  /** What the services logged at WARNING or above. */
  readonly complaints: readonly string[];
}

/** Runs the whole pipeline for the tests of a file and ends it after them. */
export function useStack(options: Omit<StackOptions, 'log'> = {}): () => TestStack {
  let running: TestStack | undefined;
  beforeAll(async () => {
    const complaints: string[] = [];
    const logged: string[] = [];
    const stack = await startStack({
      ...options,
      log: (severity, message, fields) => {
        logged.push(`${message} ${JSON.stringify(fields)}`);
        if (severity === 'WARNING' || severity === 'ERROR') complaints.push(`${message} ${JSON.stringify(fields)}`);
      },
    });
    running = { stack, sandbus: new Sandbus({ env: stack.clientEnv }), logged, complaints };
  });
  afterAll(async () => {
    await running?.sandbus.close();
    await running?.stack.close();
  });
  return () => {
    if (running === undefined) throw new Error('the stack is not up: use it inside a test');
    return running;
  };
}
