import type {
  DeadLetterSelection,
  DeadLetterSummary,
  DismissOrder,
  ReplayMode,
  ReplayOrder,
  Sandbus,
} from '../client/index.ts';
import { assertNever } from '../execution/assert-never.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import { exitCodes } from './exit-code.ts';
import { misused, type OptionSpecs, type Parsed, parsed, parseOptions, sharedOptions } from './parse-options.ts';
import { parseSelection, selectionSpecs } from './parse-selection.ts';
import { parseCount, parseJsonOrText, parsePairs } from './parse-values.ts';
import { renderDeadLetter, renderDeadLetters } from './render-dead-letters.ts';
import { renderDismissals, renderReplayCounts, renderReplays } from './render-replays.ts';
import { createCountProgress } from './replay-progress.ts';
import type { Terminal } from './terminal.ts';

const specs = {
  ...sharedOptions,
  ...selectionSpecs,
  all: { kind: 'flag' },
  limit: { kind: 'text' },
  set: { kind: 'texts' },
  reason: { kind: 'text' },
  mode: { kind: 'text' },
  rate: { kind: 'text' },
  'dry-run': { kind: 'flag' },
  'include-dismissed': { kind: 'flag' },
  again: { kind: 'flag' },
} as const satisfies OptionSpecs;

export type DlqCall = { readonly json: boolean } /** `limit` null: as many as a person reads. */ & (
  | {
      readonly verb: 'ls';
      readonly selection: DeadLetterSelection;
      readonly limit: number | null;
      readonly all: boolean;
    }
  | { readonly verb: 'show'; readonly id: string }
  | { readonly verb: 'replay'; readonly order: ReplayOrder }
  | { readonly verb: 'dismiss'; readonly order: DismissOrder }
);

type Values = Extract<ReturnType<typeof parseOptions<typeof specs>>, { ok: true }>['value']['values'];

/** Reads the arguments of `sandbus dlq`; `null` asks for help. */
export function parseDlq(args: readonly string[], now: number = Date.now()): Parsed<DlqCall | null> {
  const read = parseOptions(args, specs);
  if (!read.ok) return read;
  const { values, words, rest } = read.value;
  if (values.help) return parsed(null);
  const [verb = 'ls', ...ids] = [...words, ...rest];
  const { json, all } = values;
  const [id, second] = ids;
  switch (verb) {
    case 'ls': {
      if (id !== undefined) return misused(`dlq ls takes no ${JSON.stringify(id)}`);
      if (all && values.limit !== null) return misused('--all and --limit contradict each other');
      const selection = parseSelection(values, now);
      if (!selection.ok) return selection;
      const limit = values.limit === null ? parsed(null) : parseCount('--limit', values.limit);
      return limit.ok ? parsed({ verb, json, selection: selection.value, limit: limit.value, all }) : limit;
    }
    case 'show':
      if (id === undefined) return misused('dlq show needs the id of a dead letter');
      return second === undefined ? parsed({ verb, json, id }) : misused('dlq show takes one id');
    case 'replay':
      return parseReplay(ids, values, now);
    case 'dismiss':
      return parseDismiss(ids, values, now);
    default:
      return misused(`dlq has no ${JSON.stringify(verb)}: it has ls, show, replay and dismiss`);
  }
}

const modes: readonly string[] = ['current', 'original', 'fork'] satisfies readonly ReplayMode[];

function parseReplay(ids: readonly string[], values: Values, now: number): Parsed<DlqCall> {
  const { json, reason, mode, rate } = values;
  const which = parseWhich('replay', ids, values, now);
  if (!which.ok) return which;
  if (reason === null) return misused('dlq replay needs --reason, which is recorded with the dead letter');
  if (mode !== null && !modes.includes(mode)) {
    return misused(`--mode ${JSON.stringify(mode)} must be current, original or fork`);
  }
  const perSecond = rate === null ? parsed(null) : parseCount('--rate', rate);
  if (!perSecond.ok) return perSecond;
  const edits = parsePairs('--set', values.set);
  if (!edits.ok) return edits;
  const set = Object.fromEntries(Object.entries(edits.value).map(([name, text]) => [name, parseJsonOrText(text)]));
  const order: ReplayOrder = {
    ...which.value,
    reason,
    dryRun: values['dry-run'],
    ...(values.set.length > 0 && { set }),
    ...(mode !== null && { mode: mode as ReplayMode }),
    ...(perSecond.value !== null && { perSecond: perSecond.value }),
    ...(values['include-dismissed'] && { includeDismissed: true }),
    ...(values.again && { again: true }),
  };
  return parsed({ verb: 'replay', json, order });
}

/** Options that say something about a message that is published. */
const replayOnly = ['mode', 'rate', 'set', 'include-dismissed', 'again'] as const;

function parseDismiss(ids: readonly string[], values: Values, now: number): Parsed<DlqCall> {
  const foreign = replayOnly.find((name) => !isAbsent(values[name]));
  if (foreign !== undefined) return misused(`dlq dismiss takes no --${foreign}`);
  const which = parseWhich('dismiss', ids, values, now);
  if (!which.ok) return which;
  const { json, reason } = values;
  if (reason === null) return misused('dlq dismiss needs --reason, which is recorded with the dead letter');
  return parsed({ verb: 'dismiss', json, order: { ...which.value, reason, dryRun: values['dry-run'] } });
}

const isAbsent = (value: string | boolean | readonly string[] | null): boolean =>
  value === null || value === false || (Array.isArray(value) && value.length === 0);

/** Ids, a filter, or --all, which may come with a state: two of them could mean either or both. */
function parseWhich(
  verb: 'replay' | 'dismiss',
  ids: readonly string[],
  values: Values,
  now: number,
): Parsed<Pick<ReplayOrder, 'ids' | 'filter' | 'all'>> {
  const selection = parseSelection(values, now);
  if (!selection.ok) return selection;
  const { state, ...narrowing } = selection.value;
  const isNarrowed = Object.keys(narrowing).length > 0;
  if (ids.length > 0) {
    const other = values.all ? '--all' : isNarrowed || state !== undefined ? 'a filter' : null;
    return other === null ? parsed({ ids }) : misused(`dlq ${verb} takes ids or ${other}, not both`);
  }
  if (isNarrowed) {
    return values.all ? misused('--all and a filter contradict each other') : parsed({ filter: selection.value });
  }
  if (!values.all) return misused(`dlq ${verb} needs ids of dead letters, a filter, or --all`);
  return parsed({ all: true, ...(state !== undefined && { filter: { state } }) });
}

export async function runDlq(call: DlqCall, terminal: Terminal, sandbus: Sandbus): Promise<number> {
  const print = (text: string) => terminal.write('stdout', text);
  const printJson = (value: unknown) => print(`${JSON.stringify(value)}\n`);
  switch (call.verb) {
    case 'ls': {
      const deadLetters = await list(call, sandbus);
      await (call.json ? printJson({ deadLetters }) : print(renderDeadLetters(deadLetters, terminal.columns)));
      return exitCodes.ok;
    }
    case 'show': {
      const deadLetter = await sandbus.deadLetters.get(call.id);
      if (deadLetter === null) {
        throw new PipelineError('replay/unknown-dead-letter', `no such dead letter: ${JSON.stringify(call.id)}`);
      }
      const { data, ...summary } = deadLetter;
      const message = parseJsonOrText(Buffer.from(data).toString('utf8'));
      await (call.json ? printJson({ ...summary, message }) : print(renderDeadLetter(deadLetter)));
      return exitCodes.ok;
    }
    case 'replay':
      return await replay(call, terminal, sandbus);
    case 'dismiss':
      return await dismiss(call, terminal, sandbus);
    default:
      return assertNever(call);
  }
}

async function list(
  { selection, limit, all }: Extract<DlqCall, { verb: 'ls' }>,
  { deadLetters }: Sandbus,
): Promise<readonly DeadLetterSummary[]> {
  if (!all) return await deadLetters.list({ ...selection, ...(limit !== null && { limit }) });
  return await Array.fromAsync(deadLetters.each(selection));
}

/** Ctrl-C stops asking for more; the same command goes on from there. */
async function replay(
  { order, json }: Extract<DlqCall, { verb: 'replay' }>,
  terminal: Terminal,
  sandbus: Sandbus,
): Promise<number> {
  const stopping = new AbortController();
  const forget = terminal.onInterrupt(() => stopping.abort());
  const progress = createCountProgress((text) => void terminal.write('stderr', text).catch(() => {}), {
    isWatched: terminal.isWatched,
    isDryRun: order.dryRun === true,
    now: () => performance.now(),
  });
  const { onProgress } = progress;
  try {
    const replays = await sandbus.deadLetters.replay({ ...order, signal: stopping.signal, onProgress });
    progress.stop();
    const refused = replays.filter((one) => one.refused !== null).length;
    const isOfMany = order.ids === undefined;
    if (json) {
      await terminal.write(
        'stdout',
        `${JSON.stringify({ replays, ...(isOfMany && { total: replays.length, refused }) })}\n`,
      );
    } else {
      const text = isOfMany ? renderReplayCounts : renderReplays;
      await terminal.write('stdout', text(replays, terminal.columns, order.dryRun === true));
    }
    return refused > 0 ? exitCodes.failed : exitCodes.ok;
  } finally {
    progress.stop();
    forget();
  }
}

async function dismiss(
  { order, json }: Extract<DlqCall, { verb: 'dismiss' }>,
  terminal: Terminal,
  sandbus: Sandbus,
): Promise<number> {
  const stopping = new AbortController();
  const forget = terminal.onInterrupt(() => stopping.abort());
  try {
    const dismissals = await sandbus.deadLetters.dismiss({ ...order, signal: stopping.signal });
    const refused = dismissals.filter((one) => one.refused !== null).length;
    const text = json
      ? `${JSON.stringify({ dismissals, total: dismissals.length, refused })}\n`
      : renderDismissals(dismissals, terminal.columns, order.dryRun === true);
    await terminal.write('stdout', text);
    return refused > 0 ? exitCodes.failed : exitCodes.ok;
  } finally {
    forget();
  }
}
