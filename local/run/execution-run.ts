import { constants } from 'node:os';
import type { Clock } from '../clock.ts';
import { countTasks, type ExecutionRecord, isFinal, type TaskRecord } from './execution-record.ts';
import type { Spawner, TaskProcess } from './spawner.ts';
import type { OutputStream, ProcessEnd } from './spawner-messages.ts';
import { taskEnvironment } from './task-environment.ts';
import { createTaskLog, type TaskLog } from './task-log.ts';
import { decideAttempt, type StopCause } from './task-outcome.ts';
import { durationMs } from './wire-time.ts';

/** Between SIGTERM and SIGKILL, as Cloud Run gives. */
const graceMs = 10_000;

export interface TaskOutput {
  /** Full resource name of the task. */
  readonly task: string;
  readonly attempt: number;
  readonly stream: OutputStream;
  readonly text: string;
}

export interface RunEnvironment {
  readonly clock: Clock;
  readonly spawner: Spawner;
  /** Between the scheduling of an attempt and the start of its process. */
  readonly startDelayMs: number;
  readonly taskEnv: Readonly<Record<string, string>>;
  readonly onTaskOutput: (output: TaskOutput) => void;
}

interface Attempt {
  process: TaskProcess | null;
  stopCause: StopCause;
  stopSignal: number;
  /** Cancels whichever timer the attempt waits for: its start, its timeout, or the end of its grace. */
  cancelTimer: () => void;
}

/**
 * One Cloud Run execution while it lives: starts its tasks as processes, at most `parallelism` at once, retries and
 * times out their attempts, and keeps `record` true. A task that fails for good fails the execution once all were tried.
 */
export class ExecutionRun {
  readonly record: ExecutionRecord;
  /** Resolves when the first task runs, or with `completed` when none ever did. */
  readonly started: Promise<void>;
  /** Resolves when every task is in a final phase. */
  readonly completed: Promise<void>;
  readonly #environment: RunEnvironment;
  readonly #onChange: (...tasks: TaskRecord[]) => void;
  readonly #attempts = new Map<TaskRecord, Attempt>();
  readonly #logs = new Map<string, TaskLog>();
  readonly #start = Promise.withResolvers<void>();
  readonly #complete = Promise.withResolvers<void>();
  #closed = false;

  /** `onChange` hears of every change of the record, with the task if it is one of a task. */
  constructor(record: ExecutionRecord, environment: RunEnvironment, onChange: (...tasks: TaskRecord[]) => void) {
    this.record = record;
    this.#environment = environment;
    this.#onChange = onChange;
    this.started = this.#start.promise;
    this.completed = this.#complete.promise;
    if (record.completedAtMs === null) return;
    this.#start.resolve();
    this.#complete.resolve();
  }

  start(): void {
    this.#scheduleWaiting();
  }

  /** Ends every task that is not in a final phase; the first cause stands. */
  end(cause: 'cancelled' | 'deleted'): void {
    const { record } = this;
    if (record.completedAtMs !== null) return;
    record.ending ??= cause;
    this.#changed();
    for (const task of record.tasks) {
      if (task.phase === 'waiting') this.#finish(task, 'cancelled');
      else if (!isFinal(task.phase)) this.#stop(task, 'cancel');
    }
    this.#completeIfDone();
  }

  /** For a server that goes down: no timer stays, nothing is started any more. Its processes are the spawner's to end. */
  close(): void {
    this.#closed = true;
    for (const { cancelTimer } of this.#attempts.values()) cancelTimer();
  }

  log(taskName: string): string {
    return this.#logs.get(taskName)?.text() ?? '';
  }

  #scheduleWaiting(): void {
    const { record } = this;
    let free = record.parallelism - countTasks(record, 'starting') - countTasks(record, 'running');
    for (const task of record.tasks) {
      if (free <= 0) return;
      if (task.phase !== 'waiting') continue;
      this.#schedule(task);
      free -= 1;
    }
  }

  #schedule(task: TaskRecord): void {
    const { clock, startDelayMs } = this.#environment;
    task.phase = 'starting';
    task.scheduledAtMs = clock.now();
    this.#changed(task);
    const attempt: Attempt = { process: null, stopCause: null, stopSignal: 0, cancelTimer: () => {} };
    this.#attempts.set(task, attempt);
    if (startDelayMs > 0) attempt.cancelTimer = clock.after(startDelayMs, () => this.#spawn(task, attempt));
    else this.#spawn(task, attempt);
  }

  #spawn(task: TaskRecord, attempt: Attempt): void {
    const { spawner, onTaskOutput } = this.#environment;
    const container = this.record.template.containers[0];
    const [command = '', ...entrypointArgs] = container?.command ?? [];
    const number = task.attempt;
    const log = this.#logs.get(task.name) ?? createTaskLog();
    this.#logs.set(task.name, log);
    attempt.process = spawner.start(
      {
        command,
        args: [...entrypointArgs, ...(container?.args ?? [])],
        env: taskEnvironment(this.record, task, this.#environment.taskEnv),
        workingDir: container?.workingDir ?? '',
      },
      {
        started: () => this.#started(task, attempt),
        output: (stream, text) => {
          log.append(text);
          onTaskOutput({ task: task.name, attempt: number, stream, text });
        },
        ended: (end) => this.#ended(task, attempt, end),
      },
    );
  }

  #started(task: TaskRecord, attempt: Attempt): void {
    const { clock } = this.#environment;
    const { timeout } = this.record.template;
    task.phase = 'running';
    task.startedAtMs = clock.now();
    this.record.startedAtMs ??= clock.now();
    this.#start.resolve();
    this.#changed(task);
    if (attempt.stopCause !== null || timeout === null) return;
    attempt.cancelTimer = clock.after(durationMs(timeout), () => this.#stop(task, 'timeout'));
  }

  #stop(task: TaskRecord, cause: 'timeout' | 'cancel'): void {
    const { clock } = this.#environment;
    const attempt = this.#attempts.get(task);
    if (attempt === undefined) return;
    if (attempt.stopCause !== null) {
      // A timed-out attempt that is cancelled in its grace must not be retried.
      attempt.stopCause = cause;
      return;
    }
    attempt.cancelTimer();
    attempt.stopCause = cause;
    const { process } = attempt;
    if (process === null) {
      this.#attempts.delete(task);
      this.#finish(task, 'cancelled');
      return;
    }
    attempt.stopSignal = constants.signals.SIGTERM;
    process.signal('SIGTERM');
    attempt.cancelTimer = clock.after(graceMs, () => {
      attempt.stopSignal = constants.signals.SIGKILL;
      process.signal('SIGKILL');
    });
  }

  #ended(task: TaskRecord, attempt: Attempt, end: ProcessEnd): void {
    if (this.#closed) return;
    attempt.cancelTimer();
    this.#attempts.delete(task);
    const { stopCause, stopSignal } = attempt;
    const { maxRetries } = this.record.template;
    const decision = decideAttempt({ end, stopCause, stopSignal, attempt: task.attempt, maxRetries });
    task.lastAttemptResult = decision.result;
    switch (decision.kind) {
      case 'retry':
        task.attempt += 1;
        this.#schedule(task);
        return;
      case 'failed':
      case 'succeeded':
      case 'cancelled':
        if (decision.kind === 'failed') this.record.failedTask ??= task;
        this.#finish(task, decision.kind);
        this.#scheduleWaiting();
        this.#completeIfDone();
        return;
    }
  }

  #finish(task: TaskRecord, phase: 'succeeded' | 'failed' | 'cancelled'): void {
    task.phase = phase;
    task.completedAtMs = this.#environment.clock.now();
    this.#changed(task);
  }

  #completeIfDone(): void {
    const { record } = this;
    if (record.completedAtMs !== null || !record.tasks.every((task) => isFinal(task.phase))) return;
    if (record.failedTask !== null) record.ending ??= 'task-failed';
    record.completedAtMs = this.#environment.clock.now();
    this.#changed();
    this.#start.resolve();
    this.#complete.resolve();
  }

  #changed(task?: TaskRecord): void {
    const nowMs = this.#environment.clock.now();
    if (task !== undefined) task.updatedAtMs = nowMs;
    this.record.updatedAtMs = nowMs;
    this.record.revision += 1;
    this.#onChange(...(task === undefined ? [] : [task]));
  }
}
