import { describe, expect, it } from '@jest/globals';
import { createCountProgress } from '../../cli/replay-progress.ts';

/** What is written while `done` of `total` goes up by `step`, each `everyMs` after the one before. */
function written(isWatched: boolean, { total = 1000, step = 50, everyMs = 10, refused = 0, isDryRun = false } = {}) {
  const texts: string[] = [];
  let now = 0;
  const progress = createCountProgress((text) => void texts.push(text), {
    isWatched,
    isDryRun,
    now: () => now,
  });
  for (let done = 0; done <= total; done += step) {
    progress.onProgress({ total, done, refused });
    now += everyMs;
  }
  progress.stop();
  return texts.join('');
}

describe('the progress of a replay of many', () => {
  it('is a line for each tenth in a log', () => {
    expect(written(false).split('\n')).toEqual([
      ...Array.from({ length: 10 }, (_, tenth) => `… ${(tenth + 1) * 100} of 1000 replayed`),
      '',
    ]);
  });
  it('is one line that a person sees change, at most ten times a second, and then not any more', () => {
    const lines = written(true).split('\r\u001b[K');
    expect(lines).toEqual(['', '… 50 of 1000 replayed', '… 550 of 1000 replayed', '… 1000 of 1000 replayed', '']);
  });
  it('tells how many were refused', () => {
    expect(written(false, { total: 10, step: 10, refused: 3 })).toBe('… 10 of 10 replayed, 3 of them refused\n');
  });
  it('does not say of a dry run that anything was replayed', () => {
    const text = written(false, { total: 10, step: 10, refused: 3, isDryRun: true });
    expect(text).toBe('… 10 of 10 looked at, 3 of them refused\n');
  });
  it.each([true, false])('is not told of a few (watched: %p)', (isWatched) => {
    expect(written(isWatched, { total: 9, step: 1, everyMs: 1000 })).toBe('');
  });
});
