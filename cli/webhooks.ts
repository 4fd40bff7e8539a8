import type { Sandbus, WebhookOptions } from '../client/index.ts';
import { assertNever } from '../execution/assert-never.ts';
import { exitCodes } from './exit-code.ts';
import { misused, type OptionSpecs, type Parsed, parsed, parseOptions, sharedOptions } from './parse-options.ts';
import { parseCount } from './parse-values.ts';
import { renderWebhooks } from './render-webhooks.ts';
import type { Terminal } from './terminal.ts';

const specs = {
  ...sharedOptions,
  tenant: { kind: 'text' },
  status: { kind: 'texts' },
  'secret-version': { kind: 'text' },
} as const satisfies OptionSpecs;

export type WebhooksCall = { readonly json: boolean } & (
  | { readonly verb: 'ls' }
  | { readonly verb: 'add'; readonly id: string; readonly options: WebhookOptions }
  | { readonly verb: 'rm' | 'enable'; readonly id: string }
  | { readonly verb: 'secret'; readonly id: string; readonly version: number | null }
);

/** Reads the arguments of `sandbus webhooks`; `null` asks for help. */
export function parseWebhooks(args: readonly string[]): Parsed<WebhooksCall | null> {
  const read = parseOptions(args, specs);
  if (!read.ok) return read;
  const { values, words, rest } = read.value;
  if (values.help) return parsed(null);
  const [verb = 'ls', id, url, ...more] = [...words, ...rest];
  const { json, tenant, status } = values;
  const text = values['secret-version'];
  const version = text === null ? parsed(null) : parseCount('--secret-version', text);
  if (!version.ok) return version;
  if (verb !== 'add' && (tenant !== null || status.length > 0)) return misused('--tenant and --status belong to add');
  if (verb !== 'add' && verb !== 'secret' && text !== null) {
    return misused('--secret-version belongs to add and secret');
  }
  const tooMany = verb === 'ls' ? id : verb === 'add' ? more[0] : url;
  if (tooMany !== undefined) return misused(`${JSON.stringify(tooMany)} is one argument too many`);
  switch (verb) {
    case 'ls':
      return parsed({ verb, json });
    case 'add': {
      if (id === undefined || url === undefined) return misused('webhooks add needs an id and a URL');
      const options = {
        url,
        ...(tenant !== null && { tenantId: tenant }),
        // What is no status is refused with the message that is made of it.
        ...(status.length > 0 && { statuses: status as NonNullable<WebhookOptions['statuses']> }),
        ...(version.value !== null && { secretVersion: version.value }),
      };
      return parsed({ verb, json, id, options });
    }
    case 'rm':
    case 'enable':
    case 'secret':
      if (id === undefined) return misused(`webhooks ${verb} needs the id of a webhook`);
      return parsed(verb === 'secret' ? { verb, json, id, version: version.value } : { verb, json, id });
    default:
      return misused(`webhooks has no ${JSON.stringify(verb)}: it has ls, add, rm, enable and secret`);
  }
}

export async function runWebhooks(call: WebhooksCall, terminal: Terminal, { webhooks }: Sandbus): Promise<number> {
  const tell = (value: unknown, text: string) =>
    terminal.write('stdout', call.json ? `${JSON.stringify(value)}\n` : text);
  switch (call.verb) {
    case 'ls': {
      const all = await webhooks.list();
      await tell({ webhooks: all }, renderWebhooks(all, terminal.columns));
      return exitCodes.ok;
    }
    case 'add':
      await tell(
        { webhook: await webhooks.put(call.id, call.options) },
        `${call.id}: it is told of ends from now on\n`,
      );
      return exitCodes.ok;
    case 'enable':
      await tell({ webhook: await webhooks.enable(call.id) }, `${call.id}: it is told of ends from now on\n`);
      return exitCodes.ok;
    case 'rm':
      await webhooks.remove(call.id);
      await tell({ webhookId: call.id, removed: true }, `${call.id}: removed\n`);
      return exitCodes.ok;
    case 'secret': {
      const secret = await webhooks.secret(call.id, call.version ?? undefined);
      await tell({ webhookId: call.id, secret }, `${secret}\n`);
      return exitCodes.ok;
    }
    default:
      return assertNever(call);
  }
}
