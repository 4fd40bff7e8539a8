import { describe, expect, it } from '@jest/globals';
import { readSource } from '../architecture/source-tree.ts';
import { runNode } from '../support/run-program.ts';
import { useStack } from '../support/stack.ts';

const stack = useStack();

describe('the example with the SDK', () => {
  it('goes on in its session, shows output as it comes, and tells how the command ended', async () => {
    const { code, stdout, stderr } = await runNode('examples/sdk.ts', [], { env: stack().stack.clientEnv });
    const told = { status: 'failed', exitCode: 3, stderr: 'oops\n', cwd: '/workspace/app', wall: 'bubblewrap' };
    expect([code, stderr, stdout]).toEqual([0, '', `/workspace/app\ntest\n${JSON.stringify(told)}\n`]);
  });

  it('is the one in the README', () => {
    const [, code = ''] = /\n(import [\s\S]*)$/.exec(readSource('examples/sdk.ts')) ?? [];
    expect(readSource('README.md')).toContain(`\`\`\`ts\n${code}\`\`\``);
  });
});
