import { conditionNotMet, invalidArgument, type StorageError } from './storage-error.ts';

/** What a request demands of the object or bucket it touches. Generation 0 means that there is none. */
export interface Preconditions {
  readonly ifGenerationMatch: number | null;
  readonly ifGenerationNotMatch: number | null;
  readonly ifMetagenerationMatch: number | null;
  readonly ifMetagenerationNotMatch: number | null;
}

export interface Version {
  readonly generation: number;
  readonly metageneration: number;
}

export const noPreconditions: Preconditions = {
  ifGenerationMatch: null,
  ifGenerationNotMatch: null,
  ifMetagenerationMatch: null,
  ifMetagenerationNotMatch: null,
};

/** `role` is `Source` for the source of a copy: `ifSourceGenerationMatch`. */
export function readPreconditions(query: URLSearchParams, role: '' | 'Source' = ''): Preconditions {
  return {
    ifGenerationMatch: readWholeNumber(query, `if${role}GenerationMatch`),
    ifGenerationNotMatch: readWholeNumber(query, `if${role}GenerationNotMatch`),
    ifMetagenerationMatch: readWholeNumber(query, `if${role}MetagenerationMatch`),
    ifMetagenerationNotMatch: readWholeNumber(query, `if${role}MetagenerationNotMatch`),
  };
}

export function readWholeNumber(query: URLSearchParams, name: string): number | null {
  const value = query.get(name);
  if (value === null) return null;
  if (!/^\d{1,19}$/.test(value)) {
    throw invalidArgument(`Invalid value for ${name}: "${value}" is not a whole number.`, {
      locationType: 'parameter',
      location: name,
    });
  }
  return Number(value);
}

/** The first condition that `current` fails, in words; null when all hold. */
export function failedPrecondition(current: Version | undefined, conditions: Preconditions): string | null {
  const generation = current?.generation ?? 0;
  const metageneration = current?.metageneration ?? 0;
  const { ifGenerationMatch, ifGenerationNotMatch, ifMetagenerationMatch, ifMetagenerationNotMatch } = conditions;
  if (ifGenerationMatch !== null && ifGenerationMatch !== generation) {
    return `The generation is ${generation}, not ${ifGenerationMatch}.`;
  }
  if (ifMetagenerationMatch !== null && ifMetagenerationMatch !== metageneration) {
    return `The metageneration is ${metageneration}, not ${ifMetagenerationMatch}.`;
  }
  if (ifGenerationNotMatch === generation) return `The generation is ${generation}.`;
  if (ifMetagenerationNotMatch === metageneration) return `The metageneration is ${metageneration}.`;
  return null;
}

/** For writes: any failed condition is 412. */
export function requirePreconditions(current: Version | undefined, conditions: Preconditions): void {
  const failed = failedPrecondition(current, conditions);
  if (failed !== null) throw conditionNotMet(failed);
}

/** For reads: a failed `Match` is 412, a failed `NotMatch` says that the reader has it already. */
export function checkReadPreconditions(
  current: Version,
  conditions: Preconditions,
): StorageError | 'not-modified' | null {
  const { ifGenerationMatch, ifMetagenerationMatch } = conditions;
  const mustMatch = failedPrecondition(current, { ...noPreconditions, ifGenerationMatch, ifMetagenerationMatch });
  if (mustMatch !== null) return conditionNotMet(mustMatch);
  return failedPrecondition(current, conditions) === null ? null : 'not-modified';
}
