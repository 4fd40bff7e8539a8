import { constants } from 'node:os';
import { type ExecutionResult, PipelineError, type Session } from '../../client/index.ts';
import type { TestStack } from '../support/stack.ts';
import { type Case, type ExecExpectation, type ExecStep, generate, type Step } from './case.ts';
import { findFileDifferences } from './check-file.ts';
import { findDifferences, type Observed } from './check-result.ts';
import { ContainerChecks } from './container-checks.ts';
import { carryOutFileStep } from './run-file-step.ts';

/** Runs a case through the SDK, in sessions of its own; resolves with every difference, none when all holds. */
export async function runCase({ id, steps }: Case, stack: TestStack, run: string): Promise<readonly string[]> {
  const { sandbus } = stack;
  const differences: string[] = [];
  const containers = new ContainerChecks(stack);
  const sessionNamed = (name = 'main') => sandbus.session(`${run}-${id}-${name}`.replace(/[^A-Za-z0-9._-]/g, '-'));

  async function runStep(step: Step, where: string): Promise<void> {
    if (step.parallel) {
      await Promise.all(step.parallel.map((inner, n) => runStep(inner, `${where}.${n}`)));
      return;
    }
    const session = sessionNamed(step.session);
    if (step.new_container) {
      containers.expectNew();
      return;
    }
    if (step.exec === undefined) {
      const observed = await carryOutFileStep(session.files, step);
      const found = observed === null ? [] : findFileDifferences(observed, step.expect ?? {});
      differences.push(...found.map((difference) => `${where}: ${difference}`));
      return;
    }
    for (let n = 0; n < (step.repeat ?? 1); n += 1) {
      const numbered = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('{{i}}', String(n))) as T;
      const exec = step.repeat === undefined ? step.exec : numbered(step.exec);
      const expected: ExecExpectation = numbered(step.expect ?? {});
      const { observed, executionId } = await execute(session, exec);
      const found = [...findDifferences(observed, expected), ...(await containers.check(session.id, executionId))];
      differences.push(...found.map((difference) => `${where}: ${difference}`));
    }
  }
  for (const [n, step] of steps.entries()) await runStep(step, `step ${n}`);
  return differences;
}

interface Executed {
  readonly observed: Observed;
  /** Null when nothing was sent. */
  readonly executionId: string | null;
}

async function execute(session: Session, exec: ExecStep): Promise<Executed> {
  try {
    const { command = '', command_gen, timeout_s = 60, cancel_after_s, env, cwd } = exec;
    const stdin = stdinOf(exec);
    const running = await session.start(command_gen ? generate(command_gen) : command, {
      timeoutMs: Math.round(timeout_s * 1000),
      live: false,
      ...(env && { env }),
      ...(cwd !== undefined && { cwd }),
      ...(stdin !== null && { stdin }),
    });
    const timer =
      cancel_after_s === undefined ? undefined : setTimeout(() => void running.kill(), cancel_after_s * 1000);
    const result = await running.wait();
    clearTimeout(timer);
    return { observed: observe(result), executionId: result.executionId };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    const rejected = { status: 'rejected', exitCode: null, stdout: '', stdoutBytes: 0, cwd: null, seconds: 0 };
    return { observed: { ...rejected, stderr: error.message }, executionId: null };
  }
}

function stdinOf({ stdin, stdin_base64, stdin_gen }: ExecStep): string | Uint8Array | null {
  if (stdin_base64 !== undefined) return Buffer.from(stdin_base64, 'base64');
  if (stdin_gen !== undefined) return generate(stdin_gen);
  return stdin ?? null;
}

/** In the words of the cases: a command that a signal ended has the exit code that a shell gives it. */
function observe(result: ExecutionResult): Observed {
  const number = result.signal === null ? undefined : constants.signals[result.signal as NodeJS.Signals];
  return {
    status: result.status.replaceAll('-', '_'),
    exitCode: result.exitCode ?? (number === undefined ? null : 128 + number),
    stdout: result.stdout,
    stderr: result.stderr,
    stdoutBytes: result.outputBytes.stdout,
    cwd: result.cwd,
    seconds: (result.stages.runMs ?? 0) / 1000,
  };
}
