import type { RunningExecution, Sandbus, StartOptions } from '../client/index.ts';
import { describeEnd } from './describe-end.ts';
import { exitCodeOf, exitCodes } from './exit-code.ts';
import { parseNetwork } from './parse-network.ts';
import { misused, type OptionSpecs, type Parsed, parsed, parseOptions, sharedOptions } from './parse-options.ts';
import { parseCount, parseDuration, parseJsonOrText, parsePairs } from './parse-values.ts';
import { noProgress, startProgress } from './progress.ts';
import { readSecrets, type SecretSource } from './read-secrets.ts';
import { resultJson } from './result-json.ts';
import { makeSaveFolder, saveOutputs } from './save-outputs.ts';
import { isBrokenPipe, type Terminal } from './terminal.ts';
import { toOneLine } from './visible-text.ts';

const specs = {
  ...sharedOptions,
  session: { kind: 'text', short: 's' },
  cwd: { kind: 'text' },
  shell: { kind: 'text' },
  env: { kind: 'texts', short: 'e' },
  secret: { kind: 'texts' },
  'secret-file': { kind: 'texts' },
  'show-secrets': { kind: 'flag' },
  timeout: { kind: 'text' },
  limit: { kind: 'texts' },
  'on-output-limit': { kind: 'text' },
  stdin: { kind: 'text' },
  network: { kind: 'text' },
  allow: { kind: 'texts' },
  output: { kind: 'texts' },
  save: { kind: 'text' },
  label: { kind: 'texts' },
  sequence: { kind: 'text' },
  priority: { kind: 'text' },
  tenant: { kind: 'text' },
  'idempotency-key': { kind: 'text' },
  check: { kind: 'flag' },
} as const satisfies OptionSpecs;

export interface ExecCall {
  readonly json: boolean;
  readonly check: boolean;
  readonly sessionId: string;
  readonly command: string;
  /** "-" is standard input. */
  readonly stdinFrom: string | null;
  readonly secrets: readonly SecretSource[];
  /** A folder of this machine for the files that are collected. */
  readonly saveTo: string | null;
  readonly options: StartOptions;
}

/** Reads the arguments of `sandbus exec`; `null` asks for help. */
export function parseExec(args: readonly string[]): Parsed<ExecCall | null> {
  const read = parseOptions(args, specs);
  if (!read.ok) return read;
  const { values, words, rest } = read.value;
  if (values.help) return parsed(null);
  const { session, cwd, check, json, stdin: stdinFrom, 'idempotency-key': idempotencyKey } = values;
  const command = [...words, ...rest].join(' ');
  if (session === null) return misused('exec needs --session, the name of the session to run in');
  if (command === '') return misused("exec needs a command, such as -- 'echo hi'");
  const network = parseNetwork(values.network, values.allow);
  if (!network.ok) return network;
  const env = parsePairs('--env', values.env);
  if (!env.ok) return env;
  const secretFiles = parsePairs('--secret-file', values['secret-file']);
  if (!secretFiles.ok) return secretFiles;
  const secrets = [
    ...values.secret.map((name) => ({ name, file: null })),
    ...Object.entries(secretFiles.value).map(([name, file]) => ({ name, file })),
  ];
  const given = values.secret.find((name) => name.includes('='));
  if (given !== undefined) {
    return misused(
      '--secret takes a name alone: its value is read from the variable of that name, or by --secret-file',
    );
  }
  if ([...secrets.map(({ file }) => file), stdinFrom].filter((from) => from === '-').length > 1) {
    return misused('standard input can be read only once');
  }
  const labels = parsePairs('--label', values.label);
  if (!labels.ok) return labels;
  const limits = parsePairs('--limit', values.limit);
  if (!limits.ok) return limits;
  // The schema of the request knows the limits and their ranges, and refuses what is none.
  const numbers = Object.fromEntries(Object.entries(limits.value).map(([name, text]) => [name, parseJsonOrText(text)]));
  const onOutputLimit = values['on-output-limit'];
  if (onOutputLimit !== null && onOutputLimit !== 'end' && onOutputLimit !== 'discard') {
    return misused(`--on-output-limit ${JSON.stringify(onOutputLimit)} must be end or discard`);
  }
  if (values.save !== null && values.output.length === 0) {
    return misused("--save needs --output, which names the files to collect, such as --output 'dist/**'");
  }
  const { shell } = values;
  if (shell !== null && shell !== 'bash' && shell !== 'sh') {
    return misused(`--shell ${JSON.stringify(shell)} must be bash or sh`);
  }
  const timeout = values.timeout === null ? parsed(null) : parseDuration('--timeout', values.timeout);
  if (!timeout.ok) return timeout;
  const sequence = values.sequence === null ? parsed(null) : parseCount('--sequence', values.sequence);
  if (!sequence.ok) return sequence;
  const { priority } = values;
  if (priority !== null && !/^[0-9]$/.test(priority)) {
    return misused(`--priority ${JSON.stringify(priority)} must be a digit from 0 to 9`);
  }
  const options: StartOptions = {
    ...(cwd !== null && { cwd }),
    ...(shell !== null && { shell }),
    ...(values.env.length > 0 && { env: env.value }),
    ...(values['show-secrets'] && { maskOutput: false }),
    ...(timeout.value !== null && { timeoutMs: timeout.value }),
    ...(values.limit.length > 0 && { limits: numbers }),
    ...(onOutputLimit !== null && { onOutputLimit }),
    ...(network.value !== null && { network: network.value }),
    ...(values.output.length > 0 && { outputs: values.output }),
    ...(values.label.length > 0 && { labels: labels.value }),
    ...(sequence.value !== null && { sequence: sequence.value }),
    ...(values.tenant !== null && { tenantId: values.tenant }),
    ...(priority !== null && { priority: Number(priority) }),
    ...(idempotencyKey !== null && { idempotencyKey }),
  };
  return parsed({ json, check, sessionId: session, command, stdinFrom, secrets, saveTo: values.save, options });
}

/** Runs one command and resolves with the exit code that tells how it ended. */
export async function runExec(call: ExecCall, terminal: Terminal, sandbus: Sandbus): Promise<number> {
  const { sessionId, command, json, check } = call;
  if (call.saveTo !== null) await makeSaveFolder(call.saveTo);
  const secrets = await readSecrets(call.secrets, terminal);
  const stdin = call.stdinFrom === null ? null : terminal.openInput(call.stdinFrom);
  const show = (text: string) => void terminal.write('stderr', text).catch(() => {});
  const progress = terminal.isWatched ? startProgress(show, Date.now) : noProgress;
  const interrupted = new AbortController();
  let onInterrupt = () => interrupted.abort(new Error('interrupted'));
  const ignoreInterrupts = terminal.onInterrupt(() => onInterrupt());
  try {
    const running = await sandbus.session(sessionId).start(command, {
      ...call.options,
      ...(stdin !== null && { stdin }),
      ...(call.secrets.length > 0 && { secrets }),
      live: !json,
      signal: interrupted.signal,
      onState: progress.onState,
    });
    // From here on an interrupt cancels the execution and waits for its end, so that nothing that it wrote is missed.
    onInterrupt = () => {
      progress.stop();
      show('sandbus: cancelling; interrupt again to leave at once\n');
      running.kill('interrupted').catch((error: Error) => show(`sandbus: ${error.message}\n`));
    };
    if (!json) await showOutput(running, terminal, progress.stop);
    const result = await running.wait();
    progress.stop();
    if (json) await terminal.write('stdout', `${JSON.stringify(resultJson(result))}\n`);
    const lines = [
      ...describeEnd(result, terminal.isWatched),
      ...(check && result.status !== 'succeeded'
        ? [`[client/command-failed] ${result.executionId} did not succeed`]
        : []),
    ];
    await terminal.write('stderr', lines.map((line) => `sandbus: ${toOneLine(line)}\n`).join(''));
    const isSaved = await saveOutputs(result.outputs, call.saveTo, terminal);
    // The command's own code says more, unless it says that all is well.
    return exitCodeOf(result) || (isSaved ? exitCodes.ok : exitCodes.failed);
  } finally {
    progress.stop();
    ignoreInterrupts();
  }
}

/** Passes on what the command writes. A reader who goes away ends the command, as it ends a local one. */
async function showOutput(running: RunningExecution, terminal: Terminal, beforeFirst: () => void): Promise<void> {
  try {
    for await (const { stream, bytes } of running.output()) {
      beforeFirst();
      await terminal.write(stream, bytes);
    }
  } catch (error) {
    if (isBrokenPipe(error)) await running.kill('nobody reads its output');
    throw error;
  }
}
