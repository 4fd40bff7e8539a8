/** The last part of what a task wrote, both streams in order of arrival. */
export interface TaskLog {
  append(text: string): void;
  text(): string;
}

export const taskLogChars = 64 * 1024;

/** Keeps the last `limit` characters; older ones are dropped for good. */
export function createTaskLog(limit = taskLogChars): TaskLog {
  let kept = '';
  return {
    append(text) {
      kept = (kept + text).slice(-limit);
    },
    text: () => kept,
  };
}
