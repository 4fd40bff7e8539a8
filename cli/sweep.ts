import type { Sandbus } from '../client/index.ts';
import { mayStay } from '../execution/overdue.ts';
import { exitCodes } from './exit-code.ts';
import { misused, type OptionSpecs, type Parsed, parsed, parseOptions, sharedOptions } from './parse-options.ts';
import { parseDuration } from './parse-values.ts';
import { renderSweep } from './render-sweep.ts';
import type { Terminal } from './terminal.ts';

const specs = {
  ...sharedOptions,
  'dry-run': { kind: 'flag' },
  wait: { kind: 'text' },
} as const satisfies OptionSpecs;

export interface SweepCall {
  readonly json: boolean;
  readonly dryRun: boolean;
  /** null: as long as the SDK does. */
  readonly waitMs: number | null;
}

/** Reads the arguments of `sandbus sweep`; `null` asks for help. */
export function parseSweep(args: readonly string[]): Parsed<SweepCall | null> {
  const read = parseOptions(args, specs);
  if (!read.ok) return read;
  const { values, words, rest } = read.value;
  if (values.help) return parsed(null);
  const { json, 'dry-run': dryRun, wait } = values;
  const [word] = [...words, ...rest];
  if (word !== undefined) return misused(`sweep takes no ${JSON.stringify(word)}`);
  if (dryRun && wait !== null) return misused('--dry-run and --wait contradict each other');
  const waitMs = wait === null ? parsed(null) : parseDuration('--wait', wait);
  return waitMs.ok ? parsed({ json, dryRun, waitMs: waitMs.value }) : waitMs;
}

/** Ctrl-C ends the waiting; the round goes on. */
export async function runSweep(
  { json, dryRun, waitMs }: SweepCall,
  terminal: Terminal,
  sandbus: Sandbus,
): Promise<number> {
  const stopping = new AbortController();
  const forget = terminal.onInterrupt(() => stopping.abort());
  try {
    const report = await sandbus.sweep({ dryRun, signal: stopping.signal, ...(waitMs !== null && { waitMs }) });
    await terminal.write('stdout', json ? `${JSON.stringify(report)}\n` : renderSweep(report, terminal.columns));
    const isLeft = report.found.some(({ kind, isDone }) => isDone === false && !mayStay(kind));
    return isLeft ? exitCodes.failed : exitCodes.ok;
  } finally {
    forget();
  }
}
