import { type ExecExpectation, generate } from './case.ts';

/** What a command came to, in the words of the cases. */
export interface Observed {
  readonly status: string;
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly stdoutBytes: number;
  readonly cwd: string | null;
  /** Time of the command itself: what it took to reach it is a matter of benchmarks. */
  readonly seconds: number;
}

const short = (text: string): string =>
  JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}… (${text.length})` : text);

/** Everything in which the observed differs from the expected; nothing when all holds. */
export function findDifferences(observed: Observed, expected: ExecExpectation): readonly string[] {
  const differences: string[] = [];
  const require = (holds: boolean, what: string) => {
    if (!holds) differences.push(what);
  };
  const { exit_code, exit_code_in, status, status_in } = expected;
  const { exitCode } = observed;
  if (status !== undefined) require(observed.status === status, `status is ${observed.status}, not ${status}`);
  if (status_in) require(status_in.includes(observed.status), `status is ${observed.status}, none of ${status_in}`);
  if (typeof exit_code === 'number')
    require(exitCode === exit_code, `exit code is ${exitCode}, not ${exit_code}: ${short(observed.stderr)}`);
  if (exit_code_in)
    require(exitCode !== null && exit_code_in.includes(exitCode), `exit code is ${exitCode}, none of ${exit_code_in}`);
  if (expected.exit_code_nonzero) require(exitCode !== 0, 'exit code is 0');
  for (const stream of ['stdout', 'stderr'] as const) {
    const text = observed[stream];
    const exact = expected[stream];
    const generated = expected[`${stream}_gen`];
    const pattern = expected[`${stream}_regex`];
    if (exact !== undefined)
      require(text === exact, `${stream} is ${short(text)}, not ${short(exact)}; stderr ${short(observed.stderr)}`);
    if (generated) require(text === generate(generated), `${stream} is ${short(text)}, not as generated`);
    if (pattern !== undefined)
      require(new RegExp(pattern, 'u').test(text), `${stream} is ${short(text)}, not like ${pattern}`);
    for (const part of expected[`${stream}_contains`] ?? [])
      require(text.includes(part), `${stream} lacks ${short(part)}: ${short(text)}`);
    for (const part of expected[`${stream}_not_contains`] ?? [])
      require(!text.includes(part), `${stream} has ${short(part)}`);
  }
  const { stdout_bytes, stdout_min_bytes, stdout_lines, cwd, max_seconds, min_seconds } = expected;
  const lines = observed.stdout.split('\n').length - 1;
  if (stdout_bytes !== undefined)
    require(observed.stdoutBytes === stdout_bytes, `${observed.stdoutBytes} bytes on stdout, not ${stdout_bytes}`);
  if (stdout_min_bytes !== undefined)
    require(observed.stdoutBytes >= stdout_min_bytes, `${observed.stdoutBytes} bytes on stdout`);
  if (stdout_lines !== undefined) require(lines === stdout_lines, `${lines} lines on stdout, not ${stdout_lines}`);
  if (cwd !== undefined) require(observed.cwd === cwd, `the session is in ${observed.cwd}, not ${cwd}`);
  if (max_seconds !== undefined)
    require(observed.seconds <= max_seconds, `took ${observed.seconds} s, more than ${max_seconds}`);
  if (min_seconds !== undefined)
    require(observed.seconds >= min_seconds, `took ${observed.seconds} s, less than ${min_seconds}`);
  return differences;
}
