import type { EndEvidence } from '../execution/outcome.ts';
import { shutdownPlan } from './shutdown.ts';
import type { RunningCommand } from './walls/wall.ts';

/** Why a command is stopped from outside; the reason of an AbortSignal. */
export interface Cancellation {
  readonly by: 'request' | 'shutdown';
  readonly reason?: string;
}

export type StopCause = Omit<EndEvidence, 'exit'>;
export type TimedOut = NonNullable<EndEvidence['timedOut']>;

export const noCause: StopCause = {
  cancelled: null,
  timedOut: null,
  outputLimitBytes: null,
  outOfMemory: null,
  diskFull: null,
};

export interface StopPolicy {
  readonly timeoutMs: number;
  readonly graceMs: number;
  /** Stops the command gently; its reason is a `Cancellation`. */
  readonly cancelled: AbortSignal;
  /** Stops it at once: this executor has lost the right to run it. */
  readonly fenced: AbortSignal;
  /** The shell is gone, though its end was not heard of yet: what comes now did not end it. */
  hasExited?(): boolean;
}

/** What ends one command from outside. The first cause stands; a later one can only make the end faster. */
export class Stops {
  #cause: StopCause | null = null;
  #running: RunningCommand | null = null;
  #policy: StopPolicy | null = null;
  #killWhenWatched = false;
  readonly #cleanUp: (() => void)[] = [];

  watch(running: RunningCommand, policy: StopPolicy): void {
    this.#running = running;
    this.#policy = policy;
    const { timeoutMs, graceMs, cancelled, fenced } = policy;
    const evidence = `the command still ran after ${timeoutMs} ms`;
    const timer = setTimeout(() => this.timeOut({ limit: 'wall-time', limitMs: timeoutMs, evidence }), timeoutMs);
    this.#cleanUp.push(() => clearTimeout(timer));
    this.#onAbort(cancelled, () => {
      const cancellation = cancelled.reason as Cancellation;
      const { graceMs: atMost } = shutdownPlan;
      this.#endGently(
        { cancelled: cancellation },
        cancellation.by === 'shutdown' ? Math.min(graceMs, atMost) : graceMs,
      );
    });
    this.#onAbort(fenced, () => running.kill());
    if (this.#killWhenWatched) running.kill();
  }

  /** Asks it to end, because a time is over. */
  timeOut(timedOut: TimedOut): void {
    this.#endGently({ timedOut }, this.#policy?.graceMs ?? 0);
  }

  /** Ends it without grace, because it must not write another byte, or take another page. */
  endAtOnce(cause: Partial<Pick<StopCause, 'outOfMemory' | 'diskFull'>>): void {
    if (this.#policy?.hasExited?.() === true) return;
    this.#remember(cause);
    this.#kill();
  }

  /** What was written before the shell exited counts too, so this holds whenever it is found. */
  stopAtOutputLimit(outputLimitBytes: number): void {
    this.#remember({ outputLimitBytes });
    this.#kill();
  }

  cause(): StopCause {
    return this.#cause ?? noCause;
  }

  close(): void {
    for (const cleanUp of this.#cleanUp) cleanUp();
  }

  #endGently(cause: Partial<StopCause>, withinMs: number): void {
    if (this.#cause !== null) return; // it is ending already, and the grace does not begin again
    if (this.#policy?.hasExited?.() === true) return;
    this.#remember(cause);
    const running = this.#running;
    // What cannot be ended gently is ended.
    running?.terminate(withinMs).catch(() => running.kill());
  }

  #kill(): void {
    if (this.#running === null) this.#killWhenWatched = true;
    else this.#running.kill();
  }

  #remember(cause: Partial<StopCause>): void {
    this.#cause ??= { ...noCause, ...cause };
  }

  #onAbort(signal: AbortSignal, act: () => void): void {
    if (signal.aborted) {
      act();
      return;
    }
    signal.addEventListener('abort', act, { once: true });
    this.#cleanUp.push(() => signal.removeEventListener('abort', act));
  }
}
