import type { EnvDelta } from '../../schemas/generated/messages.ts';

const secretName = /token|secret|passw|key|credential/i;

/** Stands for a value that must not travel in a message. */
export const maskedValue = '***';

/**
 * What a command changed in the session's environment, for people to read. Values that are not UTF-8 carry U+FFFD where
 * they are not, and those whose names look secret are masked; the stored state has both exactly.
 */
export function envDelta(before: ReadonlyMap<string, Buffer>, after: ReadonlyMap<string, Buffer>): EnvDelta {
  const changed = [...after].filter(([name, value]) => before.get(name)?.equals(value) !== true);
  return {
    set: Object.fromEntries(
      changed.map(([name, value]) => [name, secretName.test(name) ? maskedValue : value.toString()]),
    ),
    removed: [...before.keys()].filter((name) => !after.has(name)),
  };
}
