/*
 * How fast the output of a command is taken behind the wall, next to a plain pipe in the same run, and how much memory that
 * needs. The command goes on after its output limit.
 *
 *   npm run bench -- output [--bytes 10000000000] [--smoke]
 *
 * Leaves nothing behind.
 */
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { chooseWall } from '../executor/walls/choose-wall.ts';
import { createBench } from '../test/executor/support/command-bench.ts';

const { values: options } = parseArgs({
  options: { bytes: { type: 'string', default: `${10e9}` }, smoke: { type: 'boolean', default: false } },
});
const bytes = options.smoke ? 10_000_000 : Number(options.bytes);
const command = `yes | head -c ${bytes}`;
const mebibyte = 1024 * 1024;

function throughPlainPipe(): number {
  const startedAt = performance.now();
  const { status } = spawnSync('bash', ['-c', `${command} | cat > /dev/null`]);
  if (status !== 0) throw new Error(`the plain pipe ended with ${status}`);
  return performance.now() - startedAt;
}

// Before and after, because machines are not quiet.
const plainBeforeMs = throughPlainPipe();
const bench = await createBench(chooseWall('auto', process.pid));
const rssBefore = process.memoryUsage.rss();
let rssMost = rssBefore;
const look = setInterval(() => {
  rssMost = Math.max(rssMost, process.memoryUsage.rss());
}, 20);
const timeoutMs = 60 * 60_000;
const startedAt = performance.now();
try {
  const limits = { timeoutMs, idleOutputMs: timeoutMs, cpuMs: timeoutMs };
  const { stdout } = await bench.run(command, { limits, onOutputLimit: 'discard' });
  const wallMs = performance.now() - startedAt;
  const plainMs = (plainBeforeMs + throughPlainPipe()) / 2;
  console.log(`${stdout.writtenBytes} of ${bytes} bytes counted, ${stdout.keptBytes} kept`);
  console.log(
    `behind the wall ${(bytes / 1e3 / wallMs).toFixed(0)} MB/s, plain pipe ${(bytes / 1e3 / plainMs).toFixed(0)} MB/s`,
  );
  console.log(`time against the plain pipe: ${(wallMs / plainMs).toFixed(2)}`);
  console.log(`memory: ${Math.round(rssBefore / mebibyte)} MiB before, at most ${Math.round(rssMost / mebibyte)} MiB`);
} finally {
  clearInterval(look);
  await bench.close();
}
