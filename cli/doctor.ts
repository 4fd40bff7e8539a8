import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import process from 'node:process';
import type { DoctorReport } from '../execution/doctor-report.ts';
import { exitCodes } from './exit-code.ts';
import { misused, type OptionSpecs, type Parsed, parsed, parseOptions, sharedOptions } from './parse-options.ts';
import { parseDuration } from './parse-values.ts';
import type { ProbeCall } from './probe-deployment.ts';
import { renderDoctor } from './render-doctor.ts';
import type { Terminal } from './terminal.ts';

const specs = {
  ...sharedOptions,
  project: { kind: 'text' },
  bucket: { kind: 'text' },
  wait: { kind: 'text' },
} as const satisfies OptionSpecs;

/** A cold job whose image is pulled for the first time may take minutes. */
const defaultWaitMs = 10 * 60_000;

export interface DoctorCall {
  readonly json: boolean;
  /** The deployment to look at; null: this machine. */
  readonly deployment: Omit<ProbeCall, 'json'> | null;
}

/** Reads the arguments of `sandbus doctor`; `null` asks for help. */
export function parseDoctor(args: readonly string[]): Parsed<DoctorCall | null> {
  const read = parseOptions(args, specs);
  if (!read.ok) return read;
  const { values, words, rest } = read.value;
  if (values.help) return parsed(null);
  const [extra] = [...words, ...rest];
  if (extra !== undefined) return misused(`doctor takes no ${JSON.stringify(extra)}`);
  const { json, project, bucket, wait } = values;
  if (project === null) {
    if (bucket !== null || wait !== null) return misused('--bucket and --wait belong to --project');
    return parsed({ json, deployment: null });
  }
  const waitMs = wait === null ? parsed(defaultWaitMs) : parseDuration('--wait', wait);
  return waitMs.ok ? parsed({ json, deployment: { project, bucket, waitMs: waitMs.value } }) : waitMs;
}

/** Examines this machine as an executor would find it, or a deployment; fails when no wall holds, or something does not answer. */
export async function runDoctor({ json, deployment }: DoctorCall, terminal: Terminal): Promise<number> {
  if (deployment !== null) {
    const { probeDeployment } = await import('./probe-deployment.ts');
    return await probeDeployment({ json, ...deployment }, terminal);
  }
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
