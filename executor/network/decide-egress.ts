import { isInRange, parseIpAddress } from '../../execution/ip-address.ts';
import {
  type AllowRule,
  coversName,
  mailPort,
  mayUsePort,
  type NetworkPolicy,
} from '../../execution/network-policy.ts';
import type { ClassifyAddress } from './classify-address.ts';
import type { EgressTarget } from './read-target.ts';

/** What decides about connections: the policy of the execution, and what counts as an address of the internet. */
export interface EgressRules {
  readonly policy: NetworkPolicy;
  readonly classify: ClassifyAddress;
  /** Addresses of the machine itself, in their usual spelling: also a public one leads to what listens here. */
  readonly ownAddresses: ReadonlySet<string>;
}

/** Why a connection was not made, in a word; the completion event carries it. */
export type RefusalReason = 'no-network' | 'not-allowed' | 'not-public' | 'port-closed' | 'unclear-host';

export interface Refusal {
  readonly kind: 'refuse';
  readonly reason: RefusalReason;
  /** A sentence for the command. */
  readonly why: string;
}

/** An address that was checked; the connection is made to it and to nothing else. */
export interface CheckedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

export type TargetDecision =
  | Refusal
  /** Its addresses decide. Nothing may have been asked about a name before: a look-up alone can carry secrets out. */
  | { readonly kind: 'resolve'; readonly name: string }
  | { readonly kind: 'connect'; readonly addresses: readonly CheckedAddress[] };

export type EgressDecision = Extract<TargetDecision, { kind: 'refuse' | 'connect' }>;

/** Names that mean something only on this machine or in its network, whatever a resolver says. */
const localNames = ['localhost', 'local', 'internal', 'home.arpa'];

/** Decides about a target before any name is looked up. */
export function decideTarget(target: EgressTarget, rules: EgressRules): TargetDecision {
  const { host, port, shown } = target;
  const { policy } = rules;
  if (policy.kind === 'none') return refuse('no-network', 'this execution has no network');
  if (host.kind === 'unclear') return refuse('unclear-host', `${shown} is not taken as a host: ${host.why}`);
  if (port === 0) return refuse('port-closed', 'port 0 is none');
  if (policy.kind === 'internet' && port === mailPort) {
    return refuse('port-closed', 'port 25 is closed: a mail server is reached over port 587 or 465');
  }
  if (host.kind === 'address') return decideAddresses(target, [host.address], rules);

  const { name } = host;
  if (!name.includes('.') || localNames.some((local) => name === local || name.endsWith(`.${local}`))) {
    return refuse('not-public', `${shown} is a name of a local network, not of the internet`);
  }
  if (policy.kind === 'allow-list') {
    // A range may cover what the name leads to, so it has to be looked up.
    const about = policy.rules.filter((rule) => rule.kind === 'range' || coversName(rule, name));
    if (!about.some((rule) => mayUsePort(rule, port))) return refuseByList(target, about);
  }
  return { kind: 'resolve', name };
}

/** Decides where to connect to, of the addresses that a target has: all of them that may be reached, in their order. */
export function decideAddresses(
  target: EgressTarget,
  addresses: readonly string[],
  { policy, classify, ownAddresses }: EgressRules,
): EgressDecision {
  const ofInternet: CheckedAddress[] = [];
  let why = `${target.shown} has no address`;
  for (const text of addresses) {
    const found = classify(text);
    if (found.kind === 'public' && !ownAddresses.has(found.address)) {
      ofInternet.push({ address: found.address, family: found.family });
    } else {
      why = whyNotPublic(target.shown, text, found);
    }
  }
  if (ofInternet.length === 0) return refuse('not-public', why);
  const allowed = ofInternet.filter(({ address }) => isAllowed(policy, target, address));
  return allowed.length === 0 ? refuseByList(target, []) : { kind: 'connect', addresses: allowed };
}

function whyNotPublic(shown: string, text: string, found: ReturnType<ClassifyAddress>): string {
  const leads = shown === text ? shown : `${shown}, which leads to ${text},`;
  if (found.kind === 'special') return `${leads} is not an address of the internet: ${found.what}`;
  if (found.kind === 'public') return `${leads} is an address of this machine`;
  return `${leads} is not an address`;
}

function isAllowed(policy: NetworkPolicy, { host, port }: EgressTarget, address: string): boolean {
  switch (policy.kind) {
    case 'none':
      return false;
    case 'internet':
      return true;
    case 'allow-list':
      return policy.rules.some((rule) => mayUsePort(rule, port) && coversTarget(rule, host, address));
  }
}

function coversTarget(rule: AllowRule, host: EgressTarget['host'], address: string): boolean {
  if (rule.kind !== 'range') return host.kind === 'name' && coversName(rule, host.name);
  const parsed = parseIpAddress(address);
  return parsed !== null && isInRange(parsed, rule.range);
}

function refuseByList({ shown, port }: EgressTarget, about: readonly AllowRule[]): Refusal {
  const isPort = about.some(({ kind }) => kind !== 'range');
  return isPort
    ? refuse('port-closed', `port ${port} of ${shown} is not in the request's list of what is allowed`)
    : refuse('not-allowed', `${shown} is not in the request's list of what is allowed`);
}

const refuse = (reason: RefusalReason, why: string): Refusal => ({ kind: 'refuse', reason, why });
