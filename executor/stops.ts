import type { EndEvidence } from '../execution/outcome.ts';
import { shutdownPlan } from './shutdown.ts';
import type { RunningCommand } from './walls/wall.ts';

/** Why a command is stopped from outside; the reason of an AbortSignal. */
export interface Cancellation {
  readonly by: 'request' | 'shutdown';
  readonly reason?: string;
}

export type StopCause = Pick<EndEvidence, 'cancelled' | 'timedOutAfterMs' | 'outputLimitBytes'>;

export interface StopPolicy {
  readonly timeoutMs: number;
  readonly graceMs: number;
  /** Stops the command gently; its reason is a `Cancellation`. */
  readonly cancelled: AbortSignal;
  /** Stops it at once: this executor has lost the right to run it. */
  readonly fenced: AbortSignal;
}

/** What ends one command from outside. The first cause stands; a later one can only make the end faster. */
export class Stops {
  #cause: StopCause | null = null;
  #running: RunningCommand | null = null;
  #killWhenWatched = false;
  readonly #cleanUp: (() => void)[] = [];

  watch(running: RunningCommand, { timeoutMs, graceMs, cancelled, fenced }: StopPolicy): void {
    this.#running = running;
    const gently = (cause: Partial<StopCause>, withinMs = graceMs) => {
      if (this.#cause !== null) return; // it is ending already, and the grace does not begin again
      this.#remember(cause);
      // What cannot be ended gently is ended.
      running.terminate(withinMs).catch(() => running.kill());
    };
    const timer = setTimeout(() => gently({ timedOutAfterMs: timeoutMs }), timeoutMs);
    this.#cleanUp.push(() => clearTimeout(timer));
    this.#onAbort(cancelled, () => {
      const cancellation = cancelled.reason as Cancellation;
      const { graceMs: atMost } = shutdownPlan;
      gently({ cancelled: cancellation }, cancellation.by === 'shutdown' ? Math.min(graceMs, atMost) : graceMs);
    });
    this.#onAbort(fenced, () => running.kill());
    if (this.#killWhenWatched) running.kill();
  }

  /** Stops it without grace, because it must not write another byte. */
  stopAtOutputLimit(outputLimitBytes: number): void {
    this.#remember({ outputLimitBytes });
    if (this.#running === null) this.#killWhenWatched = true;
    else this.#running.kill();
  }

  cause(): StopCause {
    return this.#cause ?? { cancelled: null, timedOutAfterMs: null, outputLimitBytes: null };
  }

  close(): void {
    for (const cleanUp of this.#cleanUp) cleanUp();
  }

  #remember(cause: Partial<StopCause>): void {
    this.#cause ??= { cancelled: null, timedOutAfterMs: null, outputLimitBytes: null, ...cause };
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
