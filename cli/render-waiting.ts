import type { WaitReason } from '../client/index.ts';
import { assertNever } from '../execution/assert-never.ts';
import { renderTime } from './render-time.ts';

/** Why an execution is queued, as pairs: `because` and a sentence for each reason. */
export function renderWaiting(
  executionId: string,
  reasons: readonly WaitReason[],
): readonly (readonly [string, string])[] {
  return reasons.map((reason) => {
    // What holds up the one before it holds up this one too.
    const whose = 'executionId' in reason && reason.executionId !== executionId ? `${reason.executionId}: ` : '';
    return ['waits for', `${whose}${describe(reason)}`];
  });
}

const what = { maxRunning: 'running', startsPerMinute: 'started within the last minute' } as const;

function describe(reason: WaitReason): string {
  switch (reason.kind) {
    case 'session': {
      const { active, behind, position } = reason;
      const turn = active === null ? 'the next one of the session' : `${active}, which has the session's turn`;
      const line = behind === active ? '' : `, and is behind ${behind}`;
      return `${turn}${line}; ${count(position, 'execution')} of the session before it`;
    }
    case 'sequence': {
      const { sequence, awaited, missing, until } = reason;
      const others = missing > 1 ? ` and ${missing - 1} more below ${sequence}` : '';
      return `sequence ${awaited}${others}, until ${renderTime(until)}; its own is ${sequence}`;
    }
    case 'tenant-limit': {
      const { tenantId, limit, value, setBy } = reason;
      const source = setBy === 'tenant' ? '' : ', the default of the deployment';
      return `its tenant ${tenantId}: ${reason.count} ${what[limit]}, ${limit} is ${value}${source}`;
    }
    case 'deployment-limit':
      return `the deployment: ${reason.count} ${what[reason.limit]}, ${reason.limit} is ${reason.value}`;
    case 'cloud-run-quota':
      return `capacity of Cloud Run: its launch was refused ${count(reason.refusals, 'time')}, the next try may be made from ${renderTime(reason.retryAt)} on`;
    case 'turn':
      return `its turn, since ${renderTime(reason.since)}: ${reason.aheadOfTenant} of its tenant before it, ${reason.ofOtherTenants} of other tenants wait too`;
    case 'ending':
      return `nothing: it is ${reason.why}, and its end is about to be stored`;
    case 'launch':
      return `its launch, which is about to be made (its turn came at ${renderTime(reason.since)})`;
    case 'moving':
      return 'nothing for long: its records are changing, ask again';
    default:
      return assertNever(reason);
  }
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
