import type { DeadLetterSelection } from '../client/index.ts';
import { misused, type OptionSpecs, type Parsed, parsed } from './parse-options.ts';
import { parseTime } from './parse-values.ts';

/** The options that say which dead letters are meant. */
export const selectionSpecs = {
  code: { kind: 'text' },
  tenant: { kind: 'text' },
  session: { kind: 'text', short: 's' },
  execution: { kind: 'text' },
  topic: { kind: 'text' },
  label: { kind: 'text' },
  since: { kind: 'text' },
  until: { kind: 'text' },
  state: { kind: 'text' },
} as const satisfies OptionSpecs;

export type SelectionValues = { readonly [K in keyof typeof selectionSpecs]: string | null };

const fields = [
  ['code', 'code'],
  ['tenant', 'tenantId'],
  ['session', 'sessionId'],
  ['execution', 'executionId'],
  ['topic', 'topic'],
  ['label', 'label'],
] as const;

type State = NonNullable<DeadLetterSelection['state']>;
const states: readonly string[] = ['open', 'replayed', 'dismissed', 'any'] satisfies readonly State[];

/** Reads them. A time is one of the calendar, or a span before `now`. */
export function parseSelection(values: SelectionValues, now: number): Parsed<DeadLetterSelection> {
  const { label, state } = values;
  if (state !== null && !states.includes(state)) {
    return misused(`--state ${JSON.stringify(state)} must be open, replayed, dismissed or any`);
  }
  if (label !== null && !/^[^=]+=/.test(label)) {
    return misused(`--label ${JSON.stringify(label)} must be of the form name=value`);
  }
  const times: { since?: Date; until?: Date } = {};
  for (const name of ['since', 'until'] as const) {
    const text = values[name];
    if (text === null) continue;
    const time = parseTime(`--${name}`, text, now);
    if (!time.ok) return time;
    times[name] = time.value;
  }
  const exact = fields.flatMap(([option, field]) => (values[option] === null ? [] : [[field, values[option]]]));
  return parsed({ ...Object.fromEntries(exact), ...times, ...(state !== null && { state: state as State }) });
}
