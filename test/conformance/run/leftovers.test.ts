import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually, nothingLeft, processesOf, type RunFixture, startRunFixture } from './run-fixture.ts';

const familyScript = 'trap "" TERM; sleep 60 & setsid sleep 60 & echo up; wait; wait';

describe('nothing is left', () => {
  let run: RunFixture | null = null;
  afterEach(() => run?.close());

  it('after the process that hosts the server was killed', async () => {
    const scratchDir = mkdtempSync(join(tmpdir(), 'run-leftovers-'));
    const program = [join(import.meta.dirname, 'run-host.ts'), scratchDir, familyScript];
    const host = spawn(process.execPath, ['--no-warnings', ...program], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(host.stdout, 'data');
    const tasks = processesOf(scratchDir);
    const spawners = spawnersOf(host.pid ?? 0);
    host.kill('SIGKILL');
    await once(host, 'exit');

    expect(tasks.length).toBeGreaterThanOrEqual(3);
    expect(spawners).toHaveLength(1);
    await nothingLeft(scratchDir);
    await eventually('the spawner has ended', () => spawners.every((pid) => !existsSync(`/proc/${pid}`)));
    rmSync(scratchDir, { recursive: true });
  });

  it('after the server was closed with tasks running and tasks waiting for their turn', async () => {
    const busy = await startRunFixture();
    const job = await busy.createJob('busy', familyScript, {}, { taskCount: 3, parallelism: 2 });
    await busy.start(job);
    await busy.written('up', 2);

    await expect(busy.close()).resolves.toBeUndefined();
  });

  it('after the spawner was killed: its tasks are lost, and the next one starts under a new spawner', async () => {
    run = await startRunFixture();
    const job = await run.createJob('lost', 'echo up; exec sleep $1');
    const name = await run.start(job, { containerOverrides: [{ args: ['60'] }] });
    await run.written('up');
    const [folder = ''] = readdirSync(run.scratchDir);
    for (const pid of spawnersOf(process.pid)) process.kill(pid, 'SIGKILL');
    const execution = await run.ended(name);
    const [task] = await run.tasksOf(execution);
    const next = await run.runToEnd(job, { containerOverrides: [{ args: ['0'] }] });

    expect(task?.lastAttemptResult).toMatchObject({
      exitCode: 0,
      termSignal: 0,
      status: { code: 13, message: expect.stringContaining('spawner') },
    });
    expect(next).toMatchObject({ succeededCount: 1 });
    await eventually('its process has ended', () => processesOf(join(run?.scratchDir ?? '', folder)).length === 0);
  });
});

function spawnersOf(host: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const parent = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
        return Number(parent) === host && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('spawner-process');
      } catch {
        return false; // it has ended meanwhile
      }
    })
    .map(Number);
}
