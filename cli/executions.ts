import type { Sandbus } from '../client/index.ts';
import { assertNever } from '../execution/assert-never.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import { exitCodes } from './exit-code.ts';
import { misused, type OptionSpecs, type Parsed, parsed, parseOptions, sharedOptions } from './parse-options.ts';
import { parseCount } from './parse-values.ts';
import { renderExecution, renderExecutions } from './render-executions.ts';
import { resultJson } from './result-json.ts';
import type { Terminal } from './terminal.ts';

const specs = {
  ...sharedOptions,
  session: { kind: 'text', short: 's' },
  limit: { kind: 'text' },
  reason: { kind: 'text' },
} as const satisfies OptionSpecs;

export type ExecutionsCall = { readonly json: boolean } & (
  | { readonly verb: 'ls'; readonly sessionId: string | null; readonly limit: number | null }
  | { readonly verb: 'show'; readonly id: string }
  | { readonly verb: 'cancel'; readonly id: string; readonly reason: string | null }
);

/** Reads the arguments of `sandbus executions`; `null` asks for help. */
export function parseExecutions(args: readonly string[]): Parsed<ExecutionsCall | null> {
  const read = parseOptions(args, specs);
  if (!read.ok) return read;
  const { values, words, rest } = read.value;
  if (values.help) return parsed(null);
  const [verb = 'ls', id, ...more] = [...words, ...rest];
  const { json, session, reason } = values;
  if (more.length > 0) return misused(`${JSON.stringify(more[0])} is one argument too many`);
  switch (verb) {
    case 'ls': {
      const limit = values.limit === null ? parsed(null) : parseCount('--limit', values.limit);
      if (!limit.ok) return limit;
      if (id !== undefined) return misused(`executions ls takes no ${JSON.stringify(id)}; --session names a session`);
      return parsed({ verb, json, sessionId: session, limit: limit.value });
    }
    case 'show':
      return id === undefined ? misused('executions show needs the id of an execution') : parsed({ verb, json, id });
    case 'cancel':
      if (id === undefined) return misused('executions cancel needs the id of an execution');
      return parsed({ verb, json, id, reason });
    default:
      return misused(`executions has no ${JSON.stringify(verb)}: it has ls, show and cancel`);
  }
}

export async function runExecutions(call: ExecutionsCall, terminal: Terminal, sandbus: Sandbus): Promise<number> {
  const print = (text: string) => terminal.write('stdout', text);
  const printJson = (value: unknown) => print(`${JSON.stringify(value)}\n`);
  switch (call.verb) {
    case 'ls': {
      const { sessionId, limit } = call;
      const executions = await sandbus.executions.list({
        ...(sessionId !== null && { sessionId }),
        ...(limit !== null && { limit }),
      });
      await (call.json ? printJson({ executions }) : print(renderExecutions(executions, terminal.columns)));
      return exitCodes.ok;
    }
    case 'show': {
      const execution = await sandbus.executions.get(call.id);
      if (execution === null) {
        throw new PipelineError('control/unknown-execution', `no such execution: ${JSON.stringify(call.id)}`);
      }
      const { result } = execution;
      if (call.json) await printJson({ ...execution, result: result && resultJson(result) });
      else await print(renderExecution(execution));
      return exitCodes.ok;
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
