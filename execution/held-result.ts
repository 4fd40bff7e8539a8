/**
 * The result of a running execution that stands in the dead letters: its command has ended and only its collection failed,
 * so nobody else ends the execution before `endsAt`.
 */
export interface HeldResult {
  readonly deadLetterId: string;
  /** Kind of its outcome. */
  readonly outcome: string;
  readonly heldAt: number;
  /** A hold that was given up ends at that time; it is never put up again. */
  readonly endsAt: number;
}

interface MayHold {
  readonly heldResult?: HeldResult;
}

/** Whether an execution is left for its own result, which somebody may still replay. */
export const holdsResult = ({ heldResult }: MayHold, now: number): boolean =>
  heldResult !== undefined && now < heldResult.endsAt;

/** The execution without its hold, if there is one: whoever ends those that nobody speaks for may end it. */
export const giveUpHold = <T extends MayHold>(execution: T, now: number): T =>
  execution.heldResult !== undefined && holdsResult(execution, now)
    ? { ...execution, heldResult: { ...execution.heldResult, endsAt: now } }
    : execution;

/**
 * A result that Pub/Sub has stored was collected, or given up and held, long before this is over: a hundred deliveries are
 * an hour and a half (infra/topology.ts).
 */
export const collectionMs = 3 * 60 * 60_000;
