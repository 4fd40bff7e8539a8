import type { TestStack } from '../support/stack.ts';
import { leaseOf } from './lease-of.ts';

/** Whether commands ran in other containers than those before them, where a case says so. */
export class ContainerChecks {
  readonly #stack: TestStack;
  /** The last command of each session, and those whose next one must have another container. */
  readonly #last = new Map<string, string>();
  readonly #mustDiffer = new Set<string>();

  constructor(stack: TestStack) {
    this.#stack = stack;
  }

  /** From now on no session may go on in the container that it is in. */
  expectNew(): void {
    for (const sessionId of this.#last.keys()) this.#mustDiffer.add(sessionId);
  }

  /** Takes note of a command and tells what is wrong with where it ran. */
  async check(sessionId: string, executionId: string | null): Promise<readonly string[]> {
    if (executionId === null) return [];
    const before = this.#last.get(sessionId);
    this.#last.set(sessionId, executionId);
    if (before === undefined || !this.#mustDiffer.delete(sessionId)) return [];
    const [lease, leaseBefore] = [await leaseOf(executionId, this.#stack), await leaseOf(before, this.#stack)];
    return lease !== null && leaseBefore !== null && lease !== leaseBefore
      ? []
      : [`it ran under the lease ${lease}, the command before under ${leaseBefore}: not in a new container`];
  }
}
