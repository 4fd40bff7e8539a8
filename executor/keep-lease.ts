import { PipelineError } from '../execution/pipeline-error.ts';
import type { LeaseClient } from './lease-client.ts';

export interface LeaseTerms {
  readonly leaseMs: number;
  readonly heartbeatMs: number;
}

export interface LeaseEvents {
  /** The execution is to be stopped; called once. */
  cancelled(reason: string): void;
  /** The lease is gone or cannot be renewed: nothing more may be done in its name. Called once, and last. */
  lost(why: string): void;
}

/**
 * Renews the lease while one execution runs. When no heartbeat was answered for `leaseMs`, the lease counts as lost even
 * if nobody said so: the dispatcher may have given the session to another executor by then. Time is counted from the
 * sending of the last answered heartbeat by a clock that never goes back, so the dispatcher cannot see the end earlier.
 */
export class LeaseKeeper {
  readonly #client: Pick<LeaseClient, 'heartbeat'>;
  readonly #executionId: string;
  readonly #terms: LeaseTerms;
  readonly #events: LeaseEvents;
  #renewedAt: number;
  #beat: NodeJS.Timeout | undefined;
  #fence: NodeJS.Timeout | undefined;
  #isOver = false;
  #isCancelled = false;

  /** @param renewedAt `performance.now()` when the last answered call was sent */
  constructor(
    client: Pick<LeaseClient, 'heartbeat'>,
    executionId: string,
    terms: LeaseTerms,
    events: LeaseEvents,
    renewedAt = performance.now(),
  ) {
    this.#client = client;
    this.#executionId = executionId;
    this.#terms = terms;
    this.#events = events;
    this.#renewedAt = renewedAt;
    this.#schedule();
  }

  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#beat);
    clearTimeout(this.#fence);
  }

  #schedule(): void {
    clearTimeout(this.#beat);
    clearTimeout(this.#fence);
    const { heartbeatMs, leaseMs } = this.#terms;
    this.#beat = setTimeout(() => void this.#heartbeat(), heartbeatMs);
    const left = this.#renewedAt + leaseMs - performance.now();
    this.#fence = setTimeout(() => this.#lose(`no heartbeat was answered for ${leaseMs} ms`), Math.max(0, left));
  }

  /** Waits half a lease for the answer: a slow dispatcher still renews, and one that is gone leaves time to ask again. */
  async #heartbeat(): Promise<void> {
    const sentAt = performance.now();
    try {
      const answer = await this.#client.heartbeat({ executionId: this.#executionId }, this.#terms.leaseMs / 2);
      if (this.#isOver) return;
      this.#renewedAt = sentAt;
      if (answer.cancelReason !== null && !this.#isCancelled) {
        this.#isCancelled = true;
        this.#events.cancelled(answer.cancelReason);
      }
    } catch (error) {
      if (this.#isOver) return;
      if (!(error instanceof PipelineError) || !error.retryable) {
        this.#lose(error instanceof Error ? error.message : String(error));
        return;
      }
    }
    if (!this.#isOver) this.#schedule();
  }

  #lose(why: string): void {
    if (this.#isOver) return;
    this.stop();
    this.#events.lost(why);
  }
}
