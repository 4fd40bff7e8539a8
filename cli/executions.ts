import type { ExecutionFilter, Sandbus } from '../client/index.ts';
import { assertNever } from '../execution/assert-never.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import { exitCodes } from './exit-code.ts';
import { misused, type OptionSpecs, type Parsed, parsed, parseOptions, sharedOptions } from './parse-options.ts';
import { parseCount } from './parse-values.ts';
import { renderExecution, renderExecutions } from './render-executions.ts';
import { resultJson } from './result-json.ts';
import { saveOutputs } from './save-outputs.ts';
import type { Terminal } from './terminal.ts';

const specs = {
  ...sharedOptions,
  session: { kind: 'text', short: 's' },
  tenant: { kind: 'text' },
  state: { kind: 'text' },
  status: { kind: 'text' },
  limit: { kind: 'text' },
  reason: { kind: 'text' },
  save: { kind: 'text' },
} as const satisfies OptionSpecs;

export type ExecutionsCall = { readonly json: boolean } & (
  | { readonly verb: 'ls'; readonly filter: ExecutionFilter; readonly limit: number | null }
  | { readonly verb: 'show'; readonly id: string; readonly saveTo: string | null }
  | { readonly verb: 'cancel'; readonly id: string; readonly reason: string | null }
);

const states = [
  'queued',
  'launching',
  'running',
  'rejected',
  'finished',
] as const satisfies readonly ExecutionFilter['state'][];
const statuses = [
  'succeeded',
  'failed',
  'timed-out',
  'cancelled',
  'rejected',
  'launch-failed',
  'lost',
] as const satisfies readonly ExecutionFilter['status'][];

/** Reads the arguments of `sandbus executions`; `null` asks for help. */
export function parseExecutions(args: readonly string[]): Parsed<ExecutionsCall | null> {
  const read = parseOptions(args, specs);
  if (!read.ok) return read;
  const { values, words, rest } = read.value;
  if (values.help) return parsed(null);
  const [verb = 'ls', id, ...more] = [...words, ...rest];
  const { json, reason, save: saveTo } = values;
  if (more.length > 0) return misused(`${JSON.stringify(more[0])} is one argument too many`);
  if (saveTo !== null && verb !== 'show') return misused('--save belongs to show');
  switch (verb) {
    case 'ls': {
      const limit = values.limit === null ? parsed(null) : parseCount('--limit', values.limit);
      if (!limit.ok) return limit;
      if (id !== undefined) return misused(`executions ls takes no ${JSON.stringify(id)}; --session names a session`);
      const filter = parseFilter(values);
      return filter.ok ? parsed({ verb, json, filter: filter.value, limit: limit.value }) : filter;
    }
    case 'show':
      return id === undefined
        ? misused('executions show needs the id of an execution')
        : parsed({ verb, json, id, saveTo });
    case 'cancel':
      if (id === undefined) return misused('executions cancel needs the id of an execution');
      return parsed({ verb, json, id, reason });
    default:
      return misused(`executions has no ${JSON.stringify(verb)}: it has ls, show and cancel`);
  }
}

type FilterValues = { readonly [K in 'session' | 'tenant' | 'state' | 'status']: string | null };

function parseFilter(values: FilterValues): Parsed<ExecutionFilter> {
  const state = parseOneOf('--state', values.state, states);
  if (!state.ok) return state;
  const status = parseOneOf('--status', values.status, statuses);
  if (!status.ok) return status;
  const given = { sessionId: values.session, tenantId: values.tenant, state: state.value, status: status.value };
  return parsed(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)));
}

function parseOneOf<T extends string>(option: string, text: string | null, all: readonly T[]): Parsed<T | null> {
  const value = all.find((one) => one === text);
  if (text === null || value !== undefined) return parsed(value ?? null);
  return misused(`${option} ${JSON.stringify(text)} must be one of ${all.join(', ')}`);
}

export async function runExecutions(call: ExecutionsCall, terminal: Terminal, sandbus: Sandbus): Promise<number> {
  const print = (text: string) => terminal.write('stdout', text);
  const printJson = (value: unknown) => print(`${JSON.stringify(value)}\n`);
  switch (call.verb) {
    case 'ls': {
      const { filter, limit } = call;
      const executions = await sandbus.executions.list({ ...filter, ...(limit !== null && { limit }) });
      await (call.json ? printJson({ executions }) : print(renderExecutions(executions, terminal.columns)));
      return exitCodes.ok;
    }
    case 'show': {
      const execution = await sandbus.executions.get(call.id);
      if (execution === null) {
        throw new PipelineError('control/unknown-execution', `no such execution: ${JSON.stringify(call.id)}`);
      }
      const { result } = execution;
      const waiting = execution.state === 'queued' ? await sandbus.executions.explainWaiting(call.id) : [];
      if (call.json) await printJson({ ...execution, waiting, result: result && resultJson(result) });
      else await print(renderExecution(execution, waiting));
      return (await saveOutputs(result?.outputs, call.saveTo, terminal)) ? exitCodes.ok : exitCodes.failed;
    }
    case 'cancel': {
      const isAsked = await sandbus.executions.cancel(call.id, call.reason ?? undefined);
      const told = isAsked ? 'its cancellation is asked for' : 'it had ended before';
      await (call.json ? printJson({ executionId: call.id, cancelling: isAsked }) : print(`${call.id}: ${told}\n`));
      return exitCodes.ok;
    }
    default:
      return assertNever(call);
  }
}
