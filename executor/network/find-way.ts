import type { Socket } from 'node:net';
import { assertNever } from '../../execution/assert-never.ts';
import { ConnectTimeout, connectChecked } from './connect-checked.ts';
import { type CheckedAddress, decideAddresses, decideTarget, type EgressRules, type Refusal } from './decide-egress.ts';
import type { EgressTarget } from './read-target.ts';
import type { ResolveName } from './resolve-name.ts';

export interface WayRules extends EgressRules {
  readonly resolve: ResolveName;
}

export interface WayTimes {
  readonly resolveMs: number;
  readonly connectMs: number;
}

export type Way =
  | { readonly kind: 'connected'; readonly socket: Socket }
  | Refusal
  | { readonly kind: 'failed'; readonly status: 502 | 504; readonly why: string };

class ResolveTimeout extends Error {}

/** Decides about a target and connects to it. A name is resolved once: what was checked is what is connected to. Never rejects. */
export async function findWay(
  target: EgressTarget,
  rules: WayRules,
  times: WayTimes,
  signal: AbortSignal,
): Promise<Way> {
  try {
    const first = decideTarget(target, rules);
    const decision = first.kind === 'resolve' ? await resolveAndDecide(target, first.name, rules, times) : first;
    switch (decision.kind) {
      case 'refuse':
      case 'failed':
        return decision;
      case 'connect':
        return await reach(decision.addresses, target, times, signal);
      default:
        return assertNever(decision);
    }
  } catch (error) {
    return failed(target, error);
  }
}

async function resolveAndDecide(target: EgressTarget, name: string, rules: WayRules, { resolveMs }: WayTimes) {
  const addresses = await within(resolveMs, rules.resolve(name));
  if (addresses.length === 0) {
    return { kind: 'failed', status: 502, why: `${target.shown} has no address` } as const;
  }
  return decideAddresses(target, addresses, rules);
}

async function reach(
  addresses: readonly CheckedAddress[],
  { port }: EgressTarget,
  { connectMs }: WayTimes,
  signal: AbortSignal,
): Promise<Way> {
  return { kind: 'connected', socket: await connectChecked(addresses, port, connectMs, signal) };
}

function failed({ shown, port }: EgressTarget, error: unknown): Way {
  const { code, message } = error as NodeJS.ErrnoException;
  const isLate = error instanceof ConnectTimeout || error instanceof ResolveTimeout;
  return {
    kind: 'failed',
    status: isLate ? 504 : 502,
    why: `${shown} port ${port} could not be reached: ${code ?? message}`,
  };
}

function within<T>(ms: number, asked: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new ResolveTimeout(`its name was not resolved within ${ms} ms`)), ms);
  return Promise.race([asked, promise]).finally(() => clearTimeout(timer));
}
