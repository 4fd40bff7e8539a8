import type { EnvDelta } from '../../schemas/generated/messages.ts';

const secretName = /token|secret|passw|key|credential/i;

/** Stands for a value that must not travel in a message. */
export const maskedValue = '***';

/** Characters of one value, and of all names and values together: the event is stored in a document of bounded size. */
const valueCharacters = 2_048;
const allCharacters = 32_768;

export interface ShownEnvDelta {
  readonly delta: EnvDelta;
  /** Variables that changed and do not stand in the delta. */
  readonly omitted: number;
}

/**
 * What a command changed in the session's environment, for people to read. Values that are not UTF-8 carry U+FFFD where
 * they are not, long ones are cut, and those whose names look secret are masked; the stored state has all of them exactly.
 */
export function envDelta(before: ReadonlyMap<string, Buffer>, after: ReadonlyMap<string, Buffer>): ShownEnvDelta {
  let room = allCharacters;
  const fits = (...texts: readonly string[]) => {
    room -= texts.reduce((sum, text) => sum + text.length, 0);
    return room >= 0;
  };
  const changed = [...after].filter(([name, value]) => before.get(name)?.equals(value) !== true);
  const gone = [...before.keys()].filter((name) => !after.has(name));
  const set = changed.map(([name, value]) => [name, show(name, value)] as const).filter((entry) => fits(...entry));
  const removed = gone.filter((name) => fits(name));
  const added = set.map(([name]) => name).filter((name) => !before.has(name) && fits(name));
  const omitted = changed.length - set.length + gone.length - removed.length;
  return { delta: { set: Object.fromEntries(set), removed, ...(added.length > 0 && { added }) }, omitted };
}

function show(name: string, value: Buffer): string {
  if (secretName.test(name)) return maskedValue;
  const text = value.toString();
  return text.length > valueCharacters ? `${text.slice(0, valueCharacters)}…` : text;
}
