import type { ExecutionResult } from '../client/index.ts';

/** The limit that ended the command, all that it was held to, by what held it, and what else was seen. */
export function renderLimits({
  limits,
  limitReached,
  hints,
}: Pick<ExecutionResult, 'limits' | 'limitReached' | 'hints'>): readonly (readonly [string, string])[] {
  const byHolder = Map.groupBy(Object.entries(limits ?? {}), ([, { heldBy }]) => heldBy);
  return [
    ...(limitReached === null ? [] : [['ended by', `${limitReached.limit}: ${limitReached.evidence}`] as const]),
    ...[...byHolder].map(([holder, held]): readonly [string, string] => [
      holder === 'none' ? 'not held' : `held by ${holder}`,
      held.map(([name, { value }]) => `${name} ${value}`).join(', '),
    ]),
    ...hints.map((hint) => ['hint', hint] as const),
  ];
}
