import process from 'node:process';
import { Sandbus } from '../../client/index.ts';
import { startStack } from '../../local/stack.ts';
import { boundedCases } from './bounded-cases.ts';
import { runCase } from './run-case.ts';

/*
 * Runs the bounded cases in a stack of this process's user, and prints as JSON: the user, the wall, and the differences of each
 * case by its id. A program, because a test cannot become another user.
 */

const atOnce = 4;
const stack = await startStack({ log: () => {} });
const sandbus = new Sandbus({ env: stack.clientEnv });
const differences: Record<string, readonly string[]> = {};
try {
  const { wall } = await sandbus.session('which-wall').exec('true');
  const queue = [...boundedCases()];
  const work = async () => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      differences[one.id] = await runCase(one, { stack, sandbus, logged: [], complaints: [] }, 'case');
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  process.stdout.write(`${JSON.stringify({ uid: process.getuid?.(), wall, differences })}\n`);
} finally {
  await sandbus.close();
  await stack.close();
}
