/** Does something while no other process does it under the same lock, a folder that is made; waits for a living owner. */
export function withLock<T>(
  lock: string,
  doing: {
    readonly work: () => T;
    /** Called once for each owner that is waited for. */
    readonly onWait: (owner: number) => void;
  },
): T;
