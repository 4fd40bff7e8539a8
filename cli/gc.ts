import type { RoundReport } from '../execution/retention-report.ts';
import type { Log } from '../logging/logger.ts';
import { exitCodes } from './exit-code.ts';
import { misused, type OptionSpecs, type Parsed, parsed, parseOptions, sharedOptions } from './parse-options.ts';
import { parseDuration } from './parse-values.ts';
import { renderRound, renderTended, type TendedSession } from './render-gc.ts';
import type { Terminal } from './terminal.ts';
import { toLines } from './visible-text.ts';

const specs = {
  ...sharedOptions,
  'dry-run': { kind: 'flag' },
  session: { kind: 'text', short: 's' },
  grace: { kind: 'text' },
} as const satisfies OptionSpecs;

export interface GcCall {
  readonly json: boolean;
  readonly dryRun: boolean;
  readonly session: string | null;
  readonly graceMs: number | null;
}

/** As RETENTION_GRACE_MINUTES has it: whoever writes files of a session at rest commits well within it. */
const minGraceMs = 60 * 60_000;

/** Reads the arguments of `sandbus gc`; `null` asks for help. */
export function parseGc(args: readonly string[]): Parsed<GcCall | null> {
  const read = parseOptions(args, specs);
  if (!read.ok) return read;
  const { values, words, rest } = read.value;
  if (values.help) return parsed(null);
  const [extra] = [...words, ...rest];
  if (extra !== undefined) return misused(`gc takes no ${JSON.stringify(extra)}; --session names a session`);
  const call = { json: values.json, dryRun: values['dry-run'], session: values.session };
  if (values.grace === null) return parsed({ ...call, graceMs: null });
  const grace = parseDuration('--grace', values.grace);
  if (!grace.ok) return grace;
  if (grace.value < minGraceMs && !call.dryRun) {
    return misused(
      `--grace ${JSON.stringify(values.grace)} must be 60m or more, unless with --dry-run: younger objects may be about to be used`,
    );
  }
  return parsed({ ...call, graceMs: grace.value });
}

/** Runs a round in this process: whoever may delete in the bucket may run it beside the job's. */
export async function runGc({ json, dryRun, session, graceMs }: GcCall, terminal: Terminal): Promise<number> {
  const [{ openRetention }, { readLocalEnv, resolveEnvironment }] = await Promise.all([
    import('../retention/main.ts'),
    import('../client/client-environment.ts'),
  ]);
  const env = resolveEnvironment(terminal.env, {}, () => readLocalEnv(process.cwd()));
  const tell = (value: unknown, text: string) => terminal.write('stdout', json ? `${JSON.stringify(value)}\n` : text);
  const log: Log = (severity, message, fields) => {
    if (severity === 'ERROR')
      void terminal.write('stderr', `sandbus: ${toLines(`${message} ${JSON.stringify(fields)}`)}\n`);
  };
  const retention = openRetention(env, log);
  const options = { dryRun, ...(graceMs !== null && { graceMs }) };
  try {
    if (session === null) {
      const report: RoundReport = await retention.round(options);
      await tell(report, renderRound(report));
      return report.problems.length === 0 ? exitCodes.ok : exitCodes.failed;
    }
    const tended: TendedSession = await retention.tend(session, options);
    const { removed, young, kept, ...rest } = tended;
    const sizes = { removed: sizeOf(removed), young: sizeOf(young), kept: sizeOf(kept) };
    await tell({ dryRun, ...rest, ...sizes }, renderTended(tended, dryRun));
    return tended.problem === null ? exitCodes.ok : exitCodes.failed;
  } finally {
    await retention.close();
  }
}

const sizeOf = (objects: readonly { readonly bytes: number }[]) => ({
  objects: objects.length,
  bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
});
