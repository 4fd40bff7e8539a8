/** What the load asked for, as it was acknowledged by Pub/Sub. */
export interface Asked {
  readonly executionId: string;
  readonly sessionId: string;
  /** How often the command may be started. */
  readonly maxStarts: number;
  /** How often it was published beyond the first time. */
  readonly duplicates: number;
  /** Published in a form that the dispatcher refuses, to be mended by a replay. */
  readonly isBroken: boolean;
}

/** What is stored of an execution in the end. */
export interface Ended {
  readonly executionId: string;
  readonly sessionId: string;
  readonly seq: number;
  readonly state: string;
  /** How it ended; null while it has not. */
  readonly outcome: string | null;
  /** What its session's history counted after it; null when nothing was saved of it. */
  readonly history: number | null;
}

export interface Facts {
  readonly asked: readonly Asked[];
  readonly ended: readonly Ended[];
  /** Execution ids in the order in which commands wrote them, outside of what is saved and restored. */
  readonly effects: readonly string[];
  readonly notified: ReadonlySet<string>;
  /** Execution ids of the dead letters; null for one that names none. */
  readonly deadLetters: readonly {
    readonly executionId: string | null;
    readonly code: string;
    readonly isReplayed: boolean;
  }[];
  /** Messages that no program could read, as published. */
  readonly garbage: number;
  readonly leases: readonly string[];
  /** Sessions that still have something to do. */
  readonly busySessions: readonly string[];
  readonly executorsLeft: number;
}

export interface Ledger {
  readonly counts: Readonly<Record<string, number>>;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly deadLetters: Readonly<Record<string, number>>;
  /** Each is empty when all is well; what is in it names the culprits. */
  readonly mustBeEmpty: Readonly<Record<MustBeEmpty, readonly string[]>>;
}

export type MustBeEmpty = keyof ReturnType<typeof findWrongs>;

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

export function makeLedger(facts: Facts): Ledger {
  const { asked, ended, deadLetters } = facts;
  const duplicates = asked.reduce((sum, one) => sum + one.duplicates, 0);
  return {
    counts: {
      published: asked.length,
      accepted: ended.length,
      ended: ended.filter(({ outcome }) => outcome !== null).length,
      'commands that ran': new Set(facts.effects).size,
      'duplicates suppressed': duplicates,
      'dead letters': deadLetters.length,
      replayed: deadLetters.filter(({ isReplayed }) => isReplayed).length,
    },
    outcomes: tally(ended.flatMap(({ outcome }) => outcome ?? [])),
    deadLetters: tally(deadLetters.map(({ code }) => code)),
    mustBeEmpty: findWrongs(facts),
  };
}

function findWrongs(facts: Facts) {
  const { asked, ended, effects, notified, deadLetters, garbage } = facts;
  const endOf = new Map(ended.map((one) => [one.executionId, one]));
  const kept = new Set(deadLetters.map(({ executionId }) => executionId));
  const runs = tally(effects);
  const unreadable = deadLetters.filter(({ code }) => code === 'message/not-json').length;
  return {
    lost: [
      ...asked.filter(({ executionId }) => !endOf.has(executionId) && !kept.has(executionId)).map(idOf),
      ...Array.from({ length: Math.max(0, garbage - unreadable) }, () => 'an unreadable message'),
    ],
    'run twice': asked.filter(({ executionId, maxStarts }) => (runs[executionId] ?? 0) > maxStarts).map(idOf),
    stuck: [
      ...ended.filter(({ outcome }) => outcome === null).map(({ executionId, state }) => `${executionId} (${state})`),
      ...asked.filter(({ executionId, isBroken }) => isBroken && !endOf.has(executionId)).map(idOf),
      ...facts.leases.map((id) => `lease ${id}`),
      ...facts.busySessions.map((id) => `session ${id}`),
      ...Array.from({ length: facts.executorsLeft }, () => 'an executor that has nothing to do'),
    ],
    'told success, did not run': ended
      .filter(({ outcome, executionId }) => outcome === 'exited' && (runs[executionId] ?? 0) === 0)
      .map(idOf),
    'out of order': ended.filter((one) => overtakes(one, ended, effects)).map(idOf),
    'state lost': ended.filter((one) => forgets(one, ended)).map(idOf),
    'not announced': ended
      .filter(({ outcome, executionId }) => outcome !== null && !notified.has(executionId))
      .map(idOf),
  };
}

const idOf = ({ executionId }: { readonly executionId: string }) => executionId;

/** Whether its command ran for the first time after the one of a later execution of its session. */
function overtakes(one: Ended, ended: readonly Ended[], effects: readonly string[]): boolean {
  const ran = effects.indexOf(one.executionId);
  return (
    ran !== -1 &&
    ended.some((other) => {
      const otherRan = effects.indexOf(other.executionId);
      return other.sessionId === one.sessionId && other.seq > one.seq && otherRan !== -1 && otherRan < ran;
    })
  );
}

/** Whether it found less in its session than an earlier execution had saved. */
const forgets = (one: Ended, ended: readonly Ended[]): boolean =>
  one.history !== null &&
  ended.some(
    ({ sessionId, seq, history }) =>
      sessionId === one.sessionId && seq < one.seq && history !== null && history >= (one.history ?? 0),
  );

export const isClean = ({ mustBeEmpty }: Ledger): boolean =>
  Object.values(mustBeEmpty).every((wrongs) => wrongs.length === 0);

const shown = 5;

/** The ledger as a person reads it. */
export function renderLedger({ counts, outcomes, deadLetters, mustBeEmpty }: Ledger): string {
  const row = (name: string, value: number | string) => `  ${name.padEnd(28)}${String(value).padStart(6)}`;
  const table = (of: Readonly<Record<string, number>>) => Object.entries(of).map(([name, count]) => row(name, count));
  const wrongs = Object.entries(mustBeEmpty).map(([name, ids]) => {
    const more = ids.length > shown ? ', …' : '';
    return `${row(name, ids.length)}${ids.length === 0 ? '' : `  <- ${ids.slice(0, shown).join(', ')}${more}`}`;
  });
  return [
    ...table(counts),
    'how executions ended',
    ...table(outcomes),
    'why messages were dead-lettered',
    ...table(deadLetters),
    'must be 0',
    ...wrongs,
  ].join('\n');
}
