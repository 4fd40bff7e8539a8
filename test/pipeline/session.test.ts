import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { useStack } from '../support/stack.ts';

const stack = useStack();
const newSession = () => stack().sandbus.session(`s-${randomUUID()}`);

describe('a session', () => {
  it('tells how its command ended: streams apart, exit code, working directory, checkpoint, wall and stages', async () => {
    const result = await newSession().exec(
      'cd /workspace && mkdir -p a && cd a && export K=1 && echo hi && echo err >&2; exit 3',
    );
    expect(result).toMatchObject({
      status: 'failed',
      exitCode: 3,
      outcome: { kind: 'exited', exitCode: 3 },
      stdout: 'hi\n',
      stderr: 'err\n',
      cwd: '/workspace/a',
      checkpoint: 1,
      stateCaptured: true,
      wall: 'bubblewrap',
    });
    expect(Object.keys(result.stages).sort()).toEqual([
      'bootMs',
      'checkpointMs',
      'launchMs',
      'queuedMs',
      'restoreMs',
      'runMs',
    ]);
  });

  it('keeps directory, variables, functions and files for its next command, in another executor', async () => {
    const session = newSession();
    await session.exec('mkdir a && cd a && export K=1 && greet() { echo "hello $1"; } && echo data > file');
    const next = await session.exec('pwd; echo $K; ls ..; greet you; cat file');
    expect([next.stdout, next.checkpoint]).toEqual(['/workspace/a\n1\na\nhello you\ndata\n', 2]);
  });

  it('shares nothing with another', async () => {
    await newSession().exec('export SECRET=1; echo data > /workspace/file; echo data > /tmp/file');
    const other = await newSession().exec('echo "[$SECRET]"; ls /workspace /tmp');
    expect(other.stdout).toBe('[]\n/tmp:\n\n/workspace:\n');
  });

  it('goes on from an earlier checkpoint when a request names it', async () => {
    const session = newSession();
    await session.exec('echo one > file');
    await session.exec('echo two > file');
    const { sessionId, status } =
      (await stack().sandbus.executions.get((await session.exec('cat file')).executionId)) ?? {};
    expect([sessionId, status]).toEqual([session.id, 'succeeded']);
  });
});
