import type { DeadLetterSummary, ReplayOrder, Sandbus } from '../client/index.ts';
import { assertNever } from '../execution/assert-never.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import { exitCodes } from './exit-code.ts';
import { misused, type OptionSpecs, type Parsed, parsed, parseOptions, sharedOptions } from './parse-options.ts';
import { parseCount, parseJsonOrText, parsePairs } from './parse-values.ts';
import { renderDeadLetter, renderDeadLetters, renderReplays } from './render-dead-letters.ts';
import type { Terminal } from './terminal.ts';

const specs = {
  ...sharedOptions,
  state: { kind: 'text' },
  limit: { kind: 'text' },
  set: { kind: 'texts' },
  reason: { kind: 'text' },
  'dry-run': { kind: 'flag' },
} as const satisfies OptionSpecs;

export type DlqCall = { readonly json: boolean } & (
  | { readonly verb: 'ls'; readonly state: DeadLetterSummary['state'] | null; readonly limit: number | null }
  | { readonly verb: 'show'; readonly id: string }
  | { readonly verb: 'replay'; readonly order: ReplayOrder }
);

/** Reads the arguments of `sandbus dlq`; `null` asks for help. */
export function parseDlq(args: readonly string[]): Parsed<DlqCall | null> {
  const read = parseOptions(args, specs);
  if (!read.ok) return read;
  const { values, words, rest } = read.value;
  if (values.help) return parsed(null);
  const [verb = 'ls', ...ids] = [...words, ...rest];
  const { json, state, reason } = values;
  const [id, second] = ids;
  switch (verb) {
    case 'ls': {
      if (id !== undefined) return misused(`dlq ls takes no ${JSON.stringify(id)}`);
      if (state !== null && state !== 'open' && state !== 'replayed') {
        return misused(`--state ${JSON.stringify(state)} must be open or replayed`);
      }
      const limit = values.limit === null ? parsed(null) : parseCount('--limit', values.limit);
      return limit.ok ? parsed({ verb, json, state, limit: limit.value }) : limit;
    }
    case 'show':
      if (id === undefined) return misused('dlq show needs the id of a dead letter');
      return second === undefined ? parsed({ verb, json, id }) : misused('dlq show takes one id');
    case 'replay': {
      if (id === undefined) return misused('dlq replay needs the id of a dead letter, or several');
      if (reason === null) return misused('dlq replay needs --reason, which is recorded with the dead letter');
      const edits = parsePairs('--set', values.set);
      if (!edits.ok) return edits;
      const set = Object.fromEntries(Object.entries(edits.value).map(([name, text]) => [name, parseJsonOrText(text)]));
      const order = { ids, reason, dryRun: values['dry-run'], ...(values.set.length > 0 && { set }) };
      return parsed({ verb, json, order });
    }
    default:
      return misused(`dlq has no ${JSON.stringify(verb)}: it has ls, show and replay`);
  }
}

export async function runDlq(call: DlqCall, terminal: Terminal, sandbus: Sandbus): Promise<number> {
  const print = (text: string) => terminal.write('stdout', text);
  const printJson = (value: unknown) => print(`${JSON.stringify(value)}\n`);
  switch (call.verb) {
    case 'ls': {
      const { state, limit } = call;
      const deadLetters = await sandbus.deadLetters.list({
        ...(state !== null && { state }),
        ...(limit !== null && { limit }),
      });
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
    case 'replay': {
      const replays = await sandbus.deadLetters.replay(call.order);
      await (call.json ? printJson({ replays }) : print(renderReplays(replays, terminal.columns)));
      return replays.some(({ refused }) => refused !== null) ? exitCodes.failed : exitCodes.ok;
    }
    default:
      return assertNever(call);
  }
}
