/**
 * The results of tasks in their order, while the next `ahead` of them already run. When the reader stops or a task
 * fails, nothing is left running behind.
 */
export async function* runAhead<T>(tasks: Iterable<() => Promise<T>>, ahead: number): AsyncGenerator<T, void> {
  const running: Promise<T>[] = [];
  try {
    for (const task of tasks) {
      const started = task();
      // Its failure is seen when its turn comes; until then it must not count as unhandled.
      started.catch(() => {});
      running.push(started);
      if (running.length > ahead) yield await takeFirst(running);
    }
    while (running.length > 0) yield await takeFirst(running);
  } finally {
    await Promise.allSettled(running);
  }
}

async function takeFirst<T>(running: Promise<T>[]): Promise<T> {
  const [first] = running;
  if (first === undefined) throw new Error('nothing is running');
  try {
    return await first;
  } finally {
    running.shift();
  }
}
