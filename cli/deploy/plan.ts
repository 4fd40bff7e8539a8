import { costOfThousand, freeWhileIdle, idleMonth } from '../../infra/costs.ts';

/** What Pulumi says that it would do, counted by what it makes. */
export interface Plan {
  readonly changes: Readonly<Record<string, number>>;
  /** Operations other than creations and what stays, each with its resource. */
  readonly named: readonly string[];
  readonly created: Readonly<Record<string, number>>;
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> => Object(value) as Record<string, unknown>;

/** Reads the output of `pulumi preview --json`; null when it is something else. */
export function readPlan(json: string): Plan | null {
  const whole = asObject(parse(json));
  if (!Array.isArray(whole.steps)) return null;
  const steps = whole.steps.map(asObject).map(({ op, urn }) => ({ op: String(op), urn: String(urn) }));
  const ours = steps.filter(({ urn }) => urn.includes('::gcp:') || urn.includes('$gcp:'));
  const count = (all: readonly string[]) =>
    Object.fromEntries([...new Set(all)].toSorted().map((one) => [one, all.filter((other) => other === one).length]));
  const typeOf = (urn: string) => /gcp:[^:]+:(\w+)::/.exec(urn)?.[1] ?? urn;
  return {
    changes: count(ours.map(({ op }) => op)),
    created: count(ours.filter(({ op }) => op === 'create').map(({ urn }) => typeOf(urn))),
    named: ours
      .filter(({ op }) => !['create', 'same', 'read'].includes(op))
      .map(({ op, urn }) => `${op} ${typeOf(urn)} ${urn.split('::').at(-1)}`),
  };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

/** Operations that take something away: a person must have seen them. */
export const destructive = ({ named }: Plan): readonly string[] =>
  named.filter((one) => /^(?:delete|replace)/.test(one));

const dollars = (amount: number) => `$${amount.toFixed(2)}`;

export function renderPlan(plan: Plan, configured: Readonly<Record<string, string>>): string {
  const delivery = configured.delivery === 'pull' ? 'pull' : 'push';
  const noneEgress = configured.noneEgress === 'strict' ? 'strict' : 'google-apis';
  const idle = idleMonth({ delivery, noneEgress, webhooks: true });
  const thousand = costOfThousand().reduce((sum, { dollars: amount }) => sum + amount, 0);
  const created = Object.entries(plan.created).map(([type, count]) => `  ${String(count).padStart(4)}  ${type}`);
  return [
    ...(created.length === 0 ? [] : ['Will be made:', ...created]),
    ...(plan.named.length === 0 ? [] : ['Will be changed:', ...plan.named.map((one) => `  ${one}`)]),
    ...(created.length + plan.named.length === 0 ? ['Nothing is to be changed.'] : []),
    '',
    `Idle it costs ${dollars(idle.reduce((sum, { dollars: amount }) => sum + amount, 0))} a month${idle.length === 0 ? '' : `: ${idle.map(({ what }) => what).join(', ')}`}. Within the free amounts of a billing account:`,
    ...freeWhileIdle.map((one) => `  ${one}`),
    `A thousand cold commands cost about ${dollars(thousand)} at list price.`,
    '',
  ].join('\n');
}
