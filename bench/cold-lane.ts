import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { type ExecutionResult, Sandbus } from '../client/index.ts';
import { forgetEndpoints } from '../local/forget-endpoints.ts';
import { startStack } from '../local/stack.ts';

/*
 * The cold lane on this machine: a job, a wall, a checkpoint, a stored outcome for every command. Printed as ratios to
 * the floor of the same run, `bash -c` from a Node process of no other duty, because machines differ.
 *
 *   npm run bench -- cold-lane [--commands 20] [--smoke]
 */

const { values } = parseArgs({
  options: { commands: { type: 'string', default: '20' }, smoke: { type: 'boolean', default: false } },
});
const count = values.smoke ? 2 : Number(values.commands);
forgetEndpoints(process.env);

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

async function timed<T>(run: () => Promise<T>): Promise<{ readonly ms: number; readonly result: T }> {
  const started = performance.now();
  const result = await run();
  return { ms: performance.now() - started, result };
}

const spawnBash = () =>
  new Promise<void>((resolve, reject) => {
    const bash = spawn('bash', ['-c', 'echo hi'], { stdio: 'ignore' });
    bash.once('error', reject).once('close', () => resolve());
  });

async function measureFloor(): Promise<number> {
  const samples: number[] = [];
  for (let n = 0; n < count * 5; n += 1) samples.push((await timed(spawnBash)).ms);
  return median(samples);
}

const floorBefore = await measureFloor();
const stack = await startStack({ log: () => {} });
const client = new Sandbus({ env: stack.clientEnv });
const session = client.session('bench');
const runs: { readonly ms: number; readonly result: ExecutionResult }[] = [];
try {
  await session.exec('true');
  for (let n = 0; n < count; n += 1) runs.push(await timed(() => session.exec('echo hi')));
} finally {
  await client.close();
  await stack.close();
}
const wrong = runs.find(({ result }) => result.stdout !== 'hi\n' || result.exitCode !== 0);
if (wrong !== undefined) throw new Error(`a command failed: ${JSON.stringify(wrong.result.outcome)}`);

const floor = median([floorBefore, await measureFloor()]);
const row = (name: string, ms: number) =>
  process.stdout.write(
    `  ${name.padEnd(22)} ${(ms / floor).toFixed(1).padStart(8)} × floor ${ms.toFixed(1).padStart(9)} ms\n`,
  );
process.stdout.write(
  `cold lane, ${count} commands one at a time, medians (floor: bash -c 'echo hi', ${floor.toFixed(1)} ms)\n`,
);
row('submit to told', median(runs.map(({ ms }) => ms)));
const firstByte = ({ result: { stages } }: (typeof runs)[number]) =>
  (stages.queuedMs ?? 0) + (stages.launchMs ?? 0) + (stages.bootMs ?? 0) + (stages.restoreMs ?? 0);
row('accepted to start', median(runs.map(firstByte)));
for (const stage of ['launchMs', 'bootMs', 'restoreMs', 'runMs', 'checkpointMs'] as const) {
  row(stage.replace('Ms', ''), median(runs.map(({ result }) => result.stages[stage] ?? Number.NaN)));
}
