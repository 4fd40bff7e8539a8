import { describe, expect, it } from '@jest/globals';
import { useStack } from '../support/stack.ts';

const stack = useStack();
const minutes = 2 * 60_000;

describe('a session whose commands are run by a plain sh', () => {
  it(
    'keeps directory and exported variables from container to container, and says which shell it was',
    async () => {
      const session = stack().sandbus.session('sh');
      const first = await session.exec('mkdir d; cd d; export A="it\'s\nhere"; B=2; f() { :; }; exit 3', {
        shell: 'sh',
      });
      const next = await session.exec('pwd; echo "$A ${B-none}"; f', { shell: 'sh' });
      expect([first.exitCode, first.stateCaptured, first.shell, first.cwd, first.state?.env.set]).toEqual([
        ...[3, true, 'sh', '/workspace/d'],
        expect.objectContaining({ A: "it's\nhere" }),
      ]);
      expect([next.stdout, next.exitCode]).toEqual(["/workspace/d\nit's\nhere none\n", 127]);
    },
    minutes,
  );

  it(
    'goes on in bash, and bash in it, with what both keep; a secret of either is kept by none',
    async () => {
      const session = stack().sandbus.session('sh-and-bash');
      await session.exec('export A=bash C=1; f() { :; }');
      const secrets = { TOKEN: 'value-of-the-secret' };
      const inSh = await session.exec('echo "$A ${#TOKEN} $TOKEN"; export A=sh TOKEN', { shell: 'sh', secrets });
      const inBash = await session.exec('echo "$A $C ${TOKEN-none}"; type -t f; export -p | grep -c __sandbus_');
      expect([inSh.stdout, inBash.shell, inBash.stdout]).toEqual(['bash 19 ***\n', 'bash', 'sh 1 none\n0\n']);
    },
    minutes,
  );
});
