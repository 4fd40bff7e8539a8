import type { CompletionEvent } from '../../schemas/generated/messages.ts';
import type { Seen } from './hostile-command.ts';

/** What of an event is not as it must be; none when all is. */
export function findDifferences(event: CompletionEvent, seen: Seen = {}, behind = 'bubblewrap'): string[] {
  const { outcome, stdout, stderr, stateCaptured, warnings = [], wall } = event;
  const ends = seen.ends ?? ['exited'];
  const expected = seen.stdout ?? 'closed\n';
  const differences: string[] = [];
  const hold = (holds: boolean, what: string) => {
    if (!holds) differences.push(what);
  };
  hold(wall === (seen.isRefused === true ? null : behind), `wall is ${wall}`);
  hold(ends.includes(outcome.kind), `ended as ${JSON.stringify(outcome)} with ${JSON.stringify(stderr.slice(0, 500))}`);
  hold(
    matches(stdout, expected),
    `stdout is ${JSON.stringify(stdout.slice(0, 500))}, stderr ${JSON.stringify(stderr.slice(0, 500))}`,
  );
  hold(seen.stderr === undefined || matches(stderr, seen.stderr), `stderr is ${JSON.stringify(stderr.slice(0, 500))}`);
  hold(outcome.kind !== 'exited' || outcome.exitCode === (seen.exitCode ?? 0), `exit code is ${event.exitCode}`);
  hold(stateCaptured === (seen.stateCaptured ?? stateCaptured), `stateCaptured is ${stateCaptured}`);
  const { warning } = seen;
  hold(warning === undefined || warnings.some((one) => warning.test(one)), `warnings are ${JSON.stringify(warnings)}`);
  return differences;
}

const matches = (text: string, expected: string | RegExp) =>
  typeof expected === 'string' ? text === expected : expected.test(text);
