import type { Sandbus, SessionClosing } from '../client/index.ts';
import { assertNever } from '../execution/assert-never.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import { exitCodes } from './exit-code.ts';
import { misused, type OptionSpecs, type Parsed, parsed, parseOptions, sharedOptions } from './parse-options.ts';
import { parseCount } from './parse-values.ts';
import { renderSession, renderSessions } from './render-sessions.ts';
import type { Terminal } from './terminal.ts';

const specs = {
  ...sharedOptions,
  limit: { kind: 'text' },
  wait: { kind: 'flag' },
} as const satisfies OptionSpecs;

export type SessionsCall = { readonly json: boolean } & (
  | { readonly verb: 'ls'; readonly limit: number | null }
  | { readonly verb: 'show' | 'close'; readonly id: string }
  | { readonly verb: 'rm'; readonly id: string; readonly wait: boolean }
);

/** Reads the arguments of `sandbus sessions`; `null` asks for help. */
export function parseSessions(args: readonly string[]): Parsed<SessionsCall | null> {
  const read = parseOptions(args, specs);
  if (!read.ok) return read;
  const { values, words, rest } = read.value;
  if (values.help) return parsed(null);
  const [verb = 'ls', id, ...more] = [...words, ...rest];
  const { json, wait } = values;
  if (verb !== 'rm' && wait) return misused('--wait is for sessions rm');
  if (verb !== 'ls' && values.limit !== null) return misused('--limit is for sessions ls');
  switch (verb) {
    case 'ls': {
      if (id !== undefined) return misused(`sessions ls takes no ${JSON.stringify(id)}`);
      if (values.limit === null) return parsed({ verb, json, limit: null });
      const limit = parseCount('--limit', values.limit);
      return limit.ok ? parsed({ verb, json, limit: limit.value }) : limit;
    }
    case 'show':
    case 'close':
    case 'rm': {
      if (id === undefined) return misused(`sessions ${verb} needs the id of a session`);
      const [extra] = more;
      if (extra !== undefined) return misused(`${JSON.stringify(extra)} is one argument too many`);
      return parsed(verb === 'rm' ? { verb, json, id, wait } : { verb, json, id });
    }
    default:
      return misused(`sessions has no ${JSON.stringify(verb)}: it has ls, show, close and rm`);
  }
}

export async function runSessions(call: SessionsCall, terminal: Terminal, sandbus: Sandbus): Promise<number> {
  const tell = (value: unknown, text: string) =>
    terminal.write('stdout', call.json ? `${JSON.stringify(value)}\n` : text);
  switch (call.verb) {
    case 'ls': {
      const sessions = await sandbus.sessions.list(call.limit === null ? {} : { limit: call.limit });
      await tell({ sessions }, renderSessions(sessions, terminal.columns));
      return exitCodes.ok;
    }
    case 'show': {
      const session = await sandbus.session(call.id).info();
      if (session === null) {
        throw new PipelineError('control/unknown-session', `there is no session ${JSON.stringify(call.id)}`);
      }
      await tell({ session }, renderSession(session));
      return exitCodes.ok;
    }
    case 'close': {
      const closing = await sandbus.sessions.close(call.id);
      await tell(closing, `${call.id}: ${describeClosing(closing)}\n`);
      return exitCodes.ok;
    }
    case 'rm': {
      const { id, wait } = call;
      await sandbus.session(id).delete({ wait });
      await tell(
        { sessionId: id, deleted: true },
        `${id}: deleted; its data goes with the next round of the retention job\n`,
      );
      return exitCodes.ok;
    }
    default:
      return assertNever(call);
  }
}

/** What was asked for, and what still goes on. */
export function describeClosing({ closing, active, waiting }: SessionClosing): string {
  const told = closing ? 'its closing is asked for' : 'it was closed before';
  if (active === null && waiting === 0) return told;
  const goesOn = [
    ...(active === null ? [] : [`${active} has its turn`]),
    ...(waiting === 0 ? [] : [`${waiting} wait${waiting === 1 ? 's' : ''}`]),
  ];
  return `${told}; what was accepted still runs (${goesOn.join(', ')})`;
}
