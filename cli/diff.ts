import type { FileDifference, FileState, Sandbus } from '../client/index.ts';
import { quotePath } from '../client/quote-path.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import { exitCodes } from './exit-code.ts';
import { misused, type Parsed, parsed, parseOptions, sharedOptions } from './parse-options.ts';
import { parseCount } from './parse-values.ts';
import { renderTable } from './render-table.ts';
import type { Terminal } from './terminal.ts';
import { toLines } from './visible-text.ts';

export interface DiffCall {
  readonly json: boolean;
  /** Whether lines are shown, and not only files. */
  readonly text: boolean;
  readonly id: string;
  readonly from: number;
  /** Null: the head. */
  readonly to: number | null;
}

/** Reads the arguments of `sandbus diff`; `null` asks for help. */
export function parseDiff(args: readonly string[]): Parsed<DiffCall | null> {
  const read = parseOptions(args, { ...sharedOptions, text: { kind: 'flag' } });
  if (!read.ok) return read;
  const { values, words, rest } = read.value;
  if (values.help) return parsed(null);
  const [id, first, second, extra] = [...words, ...rest];
  if (id === undefined || first === undefined) {
    return misused('diff needs the id of a session and the number of a checkpoint');
  }
  if (extra !== undefined) return misused(`${JSON.stringify(extra)} is one argument too many`);
  const from = parseCount('the checkpoint', first);
  if (!from.ok) return from;
  const call = { json: values.json, text: values.text, id, from: from.value };
  if (second === undefined) return parsed({ ...call, to: null });
  const to = parseCount('the checkpoint', second);
  return to.ok ? parsed({ ...call, to: to.value }) : to;
}

export async function runDiff(call: DiffCall, terminal: Terminal, sandbus: Sandbus): Promise<number> {
  const { id, from, to, json, text: withLines } = call;
  const session = sandbus.session(id);
  const until = to ?? (await session.info())?.head ?? null;
  if (until === null) throw new PipelineError('request/unknown-checkpoint', `the session ${id} has no checkpoint`);
  const differences = await session.diff(from, until, { text: withLines });
  const text = json
    ? `${JSON.stringify({ sessionId: id, from, to: until, differences })}\n`
    : withLines
      ? renderTexts(differences, terminal.columns)
      : renderDifferences(differences, terminal.columns);
  await terminal.write('stdout', text);
  return exitCodes.ok;
}

/**
 * As `patch` reads it: what has no lines to show is told in a line that it passes over. A terminal, which has `columns` and
 * would obey what is in files, gets pictures of control characters.
 */
export function renderTexts(differences: readonly FileDifference[], columns: number | null): string {
  if (differences.length === 0) return 'no differences\n';
  const text = differences.map((one) => one.text || `${one.change} ${nameOf(one)}: ${whyNoLines(one)}\n`).join('');
  return columns === null ? text : toLines(text);
}

/** In one line, whatever it is called: another one could be taken for the beginning of a patch. */
const nameOf = ({ path }: FileDifference): string => quotePath(Buffer.from(path).toString('latin1'));

function whyNoLines({ text, before, after }: FileDifference): string {
  const kind = (after ?? before)?.kind;
  if (text === '') return before && after && before.mode !== after.mode ? 'the mode differs' : 'no lines';
  return kind === 'file' ? 'not shown, not text or too large' : `a ${kind}`;
}

export function renderDifferences(differences: readonly FileDifference[], columns: number | null): string {
  if (differences.length === 0) return 'no differences\n';
  return renderTable(
    [
      { title: 'CHANGE' },
      { title: 'SIZE', align: 'right' },
      { title: 'MODE', align: 'right' },
      { title: 'PATH', shrinks: true },
    ],
    differences.map(({ change, before, after, path }) => [
      change,
      describeChange(before, after, describeSize),
      describeChange(before, after, ({ mode }) => (mode === null ? '' : mode.toString(8).padStart(4, '0'))),
      path,
    ]),
    columns,
  );
}

function describeChange(
  before: FileState | null,
  after: FileState | null,
  describe: (state: FileState) => string,
): string {
  const [was, is] = [before, after].map((state) => (state === null ? null : describe(state)));
  return was === null || is === null || was === is ? (is ?? was ?? '') : `${was} → ${is}`;
}

const describeSize = ({ kind, size, target }: FileState): string =>
  size !== null ? String(size) : target !== null ? `${kind} to ${target}` : kind;
