import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import process from 'node:process';
import type { DoctorReport } from '../execution/doctor-report.ts';
import { exitCodes } from './exit-code.ts';
import { misused, type Parsed, parsed, parseOptions, sharedOptions } from './parse-options.ts';
import { renderDoctor } from './render-doctor.ts';
import type { Terminal } from './terminal.ts';

export interface DoctorCall {
  readonly json: boolean;
}

/** Reads the arguments of `sandbus doctor`; `null` asks for help. */
export function parseDoctor(args: readonly string[]): Parsed<DoctorCall | null> {
  const read = parseOptions(args, sharedOptions);
  if (!read.ok) return read;
  const { values, words, rest } = read.value;
  if (values.help) return parsed(null);
  const [extra] = [...words, ...rest];
  if (extra !== undefined) return misused(`doctor takes no ${JSON.stringify(extra)}`);
  return parsed({ json: values.json });
}

/** Examines this machine as an executor would find it; fails when none of its walls holds. */
export async function runDoctor({ json }: DoctorCall, terminal: Terminal): Promise<number> {
  const report = await examine();
  await terminal.write('stdout', json ? `${JSON.stringify(report)}\n` : renderDoctor(report, terminal.columns));
  return report.chosen === null ? exitCodes.failed : exitCodes.ok;
}

/**
 * By a process of the executor's own code, as its walls start theirs. It gets little of this environment: what it has, the
 * attempts try to read.
 */
async function examine(): Promise<DoctorReport> {
  const program = join(import.meta.dirname, '../executor/doctor/main.ts');
  const mark = `mark-${randomUUID()}`;
  const { PATH = '/usr/local/bin:/usr/bin:/bin', TMPDIR = '/tmp' } = process.env;
  const doctor = spawn(process.execPath, [program, mark], {
    env: { PATH, TMPDIR, DOCTOR_MARK: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    doctor.once('error', reject);
    doctor.once('close', resolve);
  });
  const [said, words, code] = await Promise.all([readAll(doctor.stdout), readAll(doctor.stderr), ended]);
  if (code !== 0) throw new Error(`the examination failed: ${words.trim()}`);
  return JSON.parse(said) as DoctorReport;
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}
