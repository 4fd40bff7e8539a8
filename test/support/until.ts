const pollMs = 20;

/**
 * Asks again until the answer is not null, for what has no event to wait for, such as a process of someone else.
 * Rejects after the deadline with what was waited for.
 */
export async function until<T>(what: string, ask: () => T | null | Promise<T | null>, deadlineMs = 20_000): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
