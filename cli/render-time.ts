/** To the second, in UTC, as the records are. */
export const renderTime = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, 'Z');

/** "850 ms", "12.3 s", "3 min 5 s". */
export function renderDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Math.round(ms / 100) / 10} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
