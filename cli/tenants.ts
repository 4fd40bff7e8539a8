import type { Sandbus, TenantChange } from '../client/index.ts';
import { assertNever } from '../execution/assert-never.ts';
import { exitCodes } from './exit-code.ts';
import { misused, type OptionSpecs, type Parsed, parsed, parseOptions, sharedOptions } from './parse-options.ts';
import { parseCount, parseJsonOrText, parsePairs } from './parse-values.ts';
import { renderTenant, renderTenants } from './render-tenants.ts';
import type { Terminal } from './terminal.ts';

const specs = {
  ...sharedOptions,
  limit: { kind: 'text' },
  weight: { kind: 'text' },
  'max-running': { kind: 'text' },
  'starts-per-minute': { kind: 'text' },
  'max-queued': { kind: 'text' },
  network: { kind: 'text' },
  ceiling: { kind: 'texts' },
} as const satisfies OptionSpecs;

const fields = [
  ['weight', 'weight'],
  ['max-running', 'maxRunning'],
  ['starts-per-minute', 'startsPerMinute'],
  ['max-queued', 'maxQueued'],
  ['network', 'network'],
] as const;

export type TenantsCall = { readonly json: boolean } & (
  | { readonly verb: 'ls'; readonly limit: number | null }
  | { readonly verb: 'show'; readonly id: string }
  | { readonly verb: 'set'; readonly id: string; readonly change: TenantChange }
);

/** Reads the arguments of `sandbus tenants`; `null` asks for help. */
export function parseTenants(args: readonly string[]): Parsed<TenantsCall | null> {
  const read = parseOptions(args, specs);
  if (!read.ok) return read;
  const { values, words, rest } = read.value;
  if (values.help) return parsed(null);
  const [verb = 'ls', id, ...more] = [...words, ...rest];
  const { json } = values;
  const limit = values.limit === null ? parsed(null) : parseCount('--limit', values.limit);
  if (!limit.ok) return limit;
  if (verb !== 'ls' && limit.value !== null) return misused('--limit belongs to ls');
  const given = fields.filter(([option]) => values[option] !== null);
  if (verb !== 'set' && given[0] !== undefined) return misused(`--${given[0][0]} belongs to set`);
  if (verb !== 'set' && values.ceiling.length > 0) return misused('--ceiling belongs to set');
  const tooMany = verb === 'ls' ? id : more[0];
  if (tooMany !== undefined) return misused(`${JSON.stringify(tooMany)} is one argument too many`);
  switch (verb) {
    case 'ls':
      return parsed({ verb, json, limit: limit.value });
    case 'show':
      return id === undefined ? misused('tenants show needs the id of a tenant') : parsed({ verb, json, id });
    case 'set': {
      if (id === undefined) return misused('tenants set needs the id of a tenant');
      const ceilings = parsePairs('--ceiling', values.ceiling);
      if (!ceilings.ok) return ceilings;
      if (given.length === 0 && values.ceiling.length === 0) {
        return misused(`tenants set needs one of ${fields.map(([option]) => `--${option}`).join(', ')}, --ceiling`);
      }
      const change = Object.fromEntries(given.map(([option, field]) => [field, readLimit(values[option] ?? '')]));
      const changes = Object.entries(ceilings.value).map(([name, text]) => [name, readLimit(text)]);
      const ofExecutions = changes.length === 0 ? {} : { ceilings: Object.fromEntries(changes) };
      return parsed({ verb, json, id, change: { ...change, ...ofExecutions } });
    }
    default:
      return misused(`tenants has no ${JSON.stringify(verb)}: it has ls, show and set`);
  }
}

/** What is no number is refused with the document that is made of it, by its schema. */
const readLimit = (text: string): unknown =>
  text === 'default' ? null : parseJsonOrText(text === 'null' ? '"null"' : text);

export async function runTenants(call: TenantsCall, terminal: Terminal, { tenants }: Sandbus): Promise<number> {
  const tell = (value: unknown, text: string) =>
    terminal.write('stdout', call.json ? `${JSON.stringify(value)}\n` : text);
  switch (call.verb) {
    case 'ls': {
      const all = await tenants.list(call.limit === null ? {} : { limit: call.limit });
      await tell({ tenants: all }, renderTenants(all, terminal.columns));
      return exitCodes.ok;
    }
    case 'show': {
      const tenant = await tenants.get(call.id);
      await tell({ tenant }, renderTenant(tenant));
      return exitCodes.ok;
    }
    case 'set': {
      const { removed, ...tenant } = await tenants.set(call.id, call.change);
      const lines = removed.map((problem) => `removed, as it had no effect: ${problem}\n`);
      await tell({ tenant, removed }, `${call.id}: dispatchers know it within a minute\n${lines.join('')}`);
      return exitCodes.ok;
    }
    default:
      return assertNever(call);
  }
}
