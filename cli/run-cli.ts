import type { Sandbus } from '../client/index.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import { exitCodes } from './exit-code.ts';
import { type CommandName, commandNames, helpFor, readVersion } from './help.ts';
import type { Parsed } from './parse-options.ts';
import { isBrokenPipe, type Terminal } from './terminal.ts';
import { toLines } from './visible-text.ts';

/**
 * Runs one command line and resolves with its exit code. What a command needs is loaded once its arguments are known
 * to be right: Google's clients take longer to load than everything else takes to run.
 */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  const [first, ...rest] = args;
  switch (first) {
    case undefined:
      await terminal.write('stderr', helpFor(null));
      return exitCodes.usage;
    case 'exec': {
      const { parseExec, runExec } = await import('./exec.ts');
      return await runCommand(first, parseExec(rest), terminal, connected(runExec));
    }
    case 'executions': {
      const { parseExecutions, runExecutions } = await import('./executions.ts');
      return await runCommand(first, parseExecutions(rest), terminal, connected(runExecutions));
    }
    case 'sessions': {
      const { parseSessions, runSessions } = await import('./sessions.ts');
      return await runCommand(first, parseSessions(rest), terminal, connected(runSessions));
    }
    case 'checkpoints': {
      const { parseCheckpoints, runCheckpoints } = await import('./checkpoints.ts');
      return await runCommand(first, parseCheckpoints(rest), terminal, connected(runCheckpoints));
    }
    case 'rewind': {
      const { parseRewind, runRewind } = await import('./rewind.ts');
      return await runCommand(first, parseRewind(rest), terminal, connected(runRewind));
    }
    case 'fork': {
      const { parseFork, runFork } = await import('./fork.ts');
      return await runCommand(first, parseFork(rest), terminal, connected(runFork));
    }
    case 'diff': {
      const { parseDiff, runDiff } = await import('./diff.ts');
      return await runCommand(first, parseDiff(rest), terminal, connected(runDiff));
    }
    case 'files': {
      const { parseFiles, runFiles } = await import('./files.ts');
      return await runCommand(first, parseFiles(rest), terminal, connected(runFiles));
    }
    case 'dlq': {
      const { parseDlq, runDlq } = await import('./dlq.ts');
      return await runCommand(first, parseDlq(rest), terminal, connected(runDlq));
    }
    case 'webhooks': {
      const { parseWebhooks, runWebhooks } = await import('./webhooks.ts');
      return await runCommand(first, parseWebhooks(rest), terminal, connected(runWebhooks));
    }
    case 'sweep': {
      const { parseSweep, runSweep } = await import('./sweep.ts');
      return await runCommand(first, parseSweep(rest), terminal, connected(runSweep));
    }
    case 'tenants': {
      const { parseTenants, runTenants } = await import('./tenants.ts');
      return await runCommand(first, parseTenants(rest), terminal, connected(runTenants));
    }
    case 'gc': {
      const { parseGc, runGc } = await import('./gc.ts');
      return await runCommand(first, parseGc(rest), terminal, runGc);
    }
    case 'up': {
      const { parseUp, runUp } = await import('./up.ts');
      return await runCommand(first, parseUp(rest), terminal, runUp);
    }
    case 'doctor': {
      const { parseDoctor, runDoctor } = await import('./doctor.ts');
      return await runCommand(first, parseDoctor(rest), terminal, runDoctor);
    }
    case 'deploy': {
      const { parseDeploy, runDeploy } = await import('./deploy.ts');
      return await runCommand(first, parseDeploy(rest), terminal, runDeploy);
    }
    case 'help':
    case '--help':
    case '-h':
      return await runHelp(rest[0], terminal);
    case '--version':
      await terminal.write('stdout', readVersion());
      return exitCodes.ok;
    default:
      return await misuse(terminal, null, `there is no command ${JSON.stringify(first)}`);
  }
}

async function runHelp(topic: string | undefined, terminal: Terminal): Promise<number> {
  const command = topic === undefined ? null : commandNames.find((name) => name === topic);
  if (command === undefined) return await misuse(terminal, null, `there is no command ${JSON.stringify(topic)}`);
  await terminal.write('stdout', helpFor(command));
  return exitCodes.ok;
}

type Run<Call> = (call: Call, terminal: Terminal) => Promise<number>;

/** For commands that speak with the pipeline. */
function connected<Call>(run: (call: Call, terminal: Terminal, sandbus: Sandbus) => Promise<number>): Run<Call> {
  return async (call, terminal) => {
    const sandbus = await terminal.connect();
    try {
      return await run(call, terminal, sandbus);
    } finally {
      await sandbus.close();
    }
  };
}

async function runCommand<Call extends { readonly json: boolean }>(
  name: CommandName,
  parsed: Parsed<Call | null>,
  terminal: Terminal,
  run: Run<Call>,
): Promise<number> {
  if (!parsed.ok) return await misuse(terminal, name, parsed.problem);
  const call = parsed.value;
  if (call === null) return await runHelp(name, terminal);
  try {
    return await run(call, terminal);
  } catch (error) {
    return await fail(error, name, call.json, terminal);
  }
}

async function misuse(terminal: Terminal, command: CommandName | null, problem: string): Promise<number> {
  const page = command === null ? '' : ` ${command}`;
  await terminal.write('stderr', `sandbus: ${problem}\n  "sandbus help${page}" tells how it is used.\n`);
  return exitCodes.usage;
}

/** Tells what went wrong and names it by an exit code; that of `exec` must not look like one of the command. */
async function fail(thrown: unknown, command: CommandName, json: boolean, terminal: Terminal): Promise<number> {
  if (isBrokenPipe(thrown)) return exitCodes.brokenPipe;
  const error = thrown instanceof PipelineError ? thrown : null;
  const text = error === null ? describeUnknown(thrown) : `${error.message}\n  ${adviceOn(error)}`;
  await terminal.write('stderr', `sandbus: ${toLines(text)}\n`);
  if (json) {
    const { code, retryable, hint } = error ?? { code: 'unexpected', retryable: false, hint: '' };
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    await terminal.write('stdout', `${JSON.stringify({ error: { code, message, retryable, hint } })}\n`);
  }
  if (error?.code === 'client/aborted') return exitCodes.interrupted;
  // Of all messages only those that this command line asked for are checked here.
  if (error?.code.startsWith('message/')) return exitCodes.usage;
  return command === 'exec' ? exitCodes.notRun : exitCodes.failed;
}

const adviceOn = ({ code, hint }: PipelineError): string =>
  code === 'config/invalid' ? `${hint}\n  Or start the local stack in this folder: npm start` : hint;

/** What is the caller's to mend, and said so. */
const callersErrors: readonly string[] = ['ServerStartError', 'IndexFileError', 'ToolError'];

/** A file that cannot be read or a port that is taken is the caller's to mend; anything else unknown is a defect, and its stack tells where. */
function describeUnknown(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const isCallers = 'syscall' in thrown || callersErrors.includes(thrown.name);
  return isCallers ? thrown.message : (thrown.stack ?? thrown.message);
}
