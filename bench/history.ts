/*
 * What going back and branching off cost by the size of the workspace: a rewind and a fork through the SDK against the local
 * stack, of a session with one small file and of one with 20,000 files of 240 MB. Beside them one write of Firestore in the
 * same run, taken turn by turn, because whatever is kept costs at least that. Both are one transaction and copy nothing, so
 * the two sizes should not differ, and what they take beyond the write should stay below 100 ms.
 *
 *   npm run bench -- history [--rounds 20] [--smoke]
 *
 * --smoke takes 300 files and two rounds, and judges nothing.
 */
import { randomUUID } from 'node:crypto';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Sandbus } from '../client/index.ts';
import type { Session } from '../client/session.ts';
import { createFirestoreClient } from '../gcp/firestore-client.ts';
import { readGoogleConfig } from '../gcp/google-config.ts';
import { forgetEndpoints } from '../local/forget-endpoints.ts';
import { startStack } from '../local/stack.ts';
import { quantile } from './measures/measured.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '20' }, smoke: { type: 'boolean', default: false } },
});
const rounds = values.smoke ? 2 : Number(values.rounds);
const files = values.smoke ? 300 : 20_000;
const bytesPerFile = 12_000;
const targetMs = 100;
forgetEndpoints(process.env);

interface Size {
  readonly name: string;
  readonly command: string;
}

const sizes: readonly [Size, Size] = [
  { name: 'one file', command: 'echo one > file' },
  {
    name: `${files} files`,
    command: `seq 1 100000000 2>/dev/null | head -c ${files * bytesPerFile} | split -a 5 -b ${bytesPerFile}`,
  },
];

/** What is measured, with the milliseconds of each round. */
const samples = new Map<string, number[]>();

async function measure(what: string, action: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now();
  await action();
  const ms = performance.now() - startedAt;
  samples.set(what, [...(samples.get(what) ?? []), ms]);
}

/** A session with two checkpoints of this size. */
async function prepare(sandbus: Sandbus, { name, command }: Size): Promise<Session> {
  const session = sandbus.session(`bench-${randomUUID()}`);
  for (const text of [command, 'echo two > another']) {
    const { status, stderr } = await session.exec(text, { timeoutMs: 600_000 });
    if (status !== 'succeeded') throw new Error(`a session of ${name} could not be made: ${status}, ${stderr}`);
  }
  return session;
}

function print(): void {
  const median = (what: string) => quantile(samples.get(what) ?? [], 0.5);
  const write = median('one write');
  console.log(
    `medians of ${rounds} rounds; one write of Firestore takes ${write.toFixed(1)} ms; load ${loadavg()[0]?.toFixed(1)}`,
  );
  for (const what of samples.keys()) {
    if (what === 'one write') continue;
    const [ms, over] = [median(what), median(what) - write];
    const verdict = values.smoke ? '' : over <= targetMs ? 'held' : 'MISSED';
    const columns = [
      what.padEnd(24),
      `${ms.toFixed(1).padStart(8)} ms`,
      `${(ms / write).toFixed(1).padStart(6)} × a write`,
      `${over.toFixed(1).padStart(8)} ms over it of ${targetMs}  ${verdict}`,
    ];
    console.log(columns.join('  ').trimEnd());
  }
}

const stack = await startStack({ log: () => {} });
const sandbus = new Sandbus({ env: stack.clientEnv });
const firestore = createFirestoreClient(readGoogleConfig(stack.clientEnv));
try {
  const sessions: [Size, Session][] = [];
  for (const size of sizes) sessions.push([size, await prepare(sandbus, size)]);
  const document = firestore.doc('bench/write');
  // What is done first opens connections and compiles.
  await document.set({ round: -1 });
  for (const [, session] of sessions) await session.fork({ at: await session.rewind(1) });
  for (let round = 0; round < rounds; round += 1) {
    await measure('one write', () => document.set({ round, at: new Date() }));
    for (const [{ name }, session] of sessions) {
      await measure(`rewind, ${name}`, () => session.rewind(1 + (round % 2)));
      await measure(`fork, ${name}`, () => session.fork({ at: 1 + (round % 2) }));
    }
  }
  print();
} finally {
  await firestore.terminate();
  await sandbus.close();
  await stack.close();
}
