import { describe, expect, it } from '@jest/globals';
import { runSandbus } from '../cli/run-sandbus.ts';
import { useStack } from '../support/stack.ts';

const stack = useStack();
const minutes = 2 * 60_000;

describe('the ports on which a command leaves something listening', () => {
  it(
    'are in its result and its record, and the next command of the session has none of them',
    async () => {
      const session = stack().sandbus.session('listening');
      const serve = 'python3 -u -m http.server 8080 --bind 127.0.0.1 >log 2>&1 &';
      const first = await session.exec(`${serve} until grep -q Serving log; do sleep 0.05; done`);
      const next = await session.exec(': 2>/dev/null </dev/tcp/127.0.0.1/8080 && echo reached');
      expect([first.status, first.listening, next.stdout, next.listening]).toEqual([
        'succeeded',
        [{ port: 8080, address: '127.0.0.1' }],
        '',
        [],
      ]);
      const shown = await runSandbus(['executions', 'show', first.executionId], { env: stack().stack.clientEnv });
      expect(shown.stdout).toMatch(/^listened on +127\.0\.0\.1:8080$/m);
    },
    minutes,
  );
});
