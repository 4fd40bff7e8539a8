import type { ExecutionState } from './records.ts';

/** What can happen to an execution. */
export type ExecutionEvent =
  /** Its turn has come and a job is asked for. */
  | 'launched'
  /** An executor claimed the lease. */
  | 'claimed'
  /** A completion event of the current launch arrived, or of no launch at all. */
  | 'completed'
  /** Another job is asked for, under the next generation. */
  | 'relaunched'
  /** The job that was asked for found no capacity: none was started. */
  | 'postponed';

/**
 * The life of an execution. What is not listed cannot happen: the event is too late or was heard before.
 *
 *     queued ──▶ launching ──▶ running ──▶ finished
 *       │            │  ▲         │  │         ▲
 *       │ ◀──────────┤  │         │  │         │     postponed: back to queued
 *       │            └──┴─────────┘  │         │     relaunched: back to launching
 *       └────────────┴───────────────┴─────────┤     completed: from every state but finished
 *                                    rejected ─┘
 *
 * - queued: accepted, waits for its turn in the session or for capacity; no job of it is on its way.
 * - launching: a job was asked for; this launch has provably not started the command.
 * - running: claimed; the command may have started, so only a request that allows it is launched again.
 * - rejected: turned down, not announced yet; its completion event ends it.
 * - finished: has its one outcome; nothing changes it.
 */
export const stateTable: Readonly<Record<ExecutionState, Partial<Record<ExecutionEvent, ExecutionState>>>> = {
  queued: { launched: 'launching', completed: 'finished' },
  launching: { claimed: 'running', relaunched: 'launching', postponed: 'queued', completed: 'finished' },
  running: { relaunched: 'launching', completed: 'finished' },
  rejected: { completed: 'finished' },
  finished: {},
};

/** The state that an event leads to, or null when it cannot happen in this state. */
export const nextState = (state: ExecutionState, event: ExecutionEvent): ExecutionState | null =>
  stateTable[state][event] ?? null;
