import { type AddressRange, isRangeWithin, parseAddressRange } from './ip-address.ts';

/** Where a command may connect to. Addresses that are not of the internet are out of reach whatever it says. */
export type NetworkPolicy =
  | { readonly kind: 'none' }
  | { readonly kind: 'internet' }
  | { readonly kind: 'allow-list'; readonly rules: readonly AllowRule[] };

export type AllowRule = (
  | { readonly kind: 'host'; readonly name: string }
  /** Every name below `name`, not `name` itself. */
  | { readonly kind: 'hosts-below'; readonly name: string }
  | { readonly kind: 'range'; readonly range: AddressRange }
) & {
  /** Null: every port but that of mail. */
  readonly ports: readonly number[] | null;
};

export type ReadNetworkPolicy =
  | { readonly ok: true; readonly policy: NetworkPolicy }
  /** Continues the name of the field: 'allow[0].cidr "10.0.0.1/8" must …'. */
  | { readonly ok: false; readonly problem: string };

/** Mail servers take the word of whoever connects; a sandbox that sends mail is a spammer's. Open only where it is named. */
export const mailPort = 25;

export const maxRules = 64;
export const maxPorts = 32;

/** What a host name looks like: labels of letters, digits, "-" and "_", at least two, the last one not a number. */
const hostForm =
  /^(?=.{1,253}$)(?!.*\.\.)(?!.*[.]-)(?!.*-[.])(?!.*[^.]{64})[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?\.(?=[a-z])[a-z0-9-]*[a-z0-9]$/;

const accepted = { policy: '"none", "internet" or an object with "allow"', port: 'a whole number from 1 to 65535' };

/**
 * Reads a policy as requests and tenants write it. Never throws. The schema of requests says most of this too; what
 * operators write into a tenant's document comes only through here.
 */
export function readNetworkPolicy(value: unknown): ReadNetworkPolicy {
  if (value === 'none' || value === 'internet') return { ok: true, policy: { kind: value } };
  if (typeof value !== 'object' || value === null || !('allow' in value)) return refuse(`must be ${accepted.policy}`);
  const unknown = Object.keys(value).find((name) => name !== 'allow');
  if (unknown !== undefined) return refuse(`has the unknown field ${JSON.stringify(unknown)}`);
  const { allow } = value;
  if (!Array.isArray(allow) || allow.length < 1 || allow.length > maxRules) {
    return refuse(`allow must be a list of 1 to ${maxRules} entries`);
  }
  const rules: AllowRule[] = [];
  for (const [index, entry] of allow.entries()) {
    const rule = readRule(entry);
    if (typeof rule === 'string') return refuse(`allow[${index}]${rule}`);
    rules.push(rule);
  }
  return { ok: true, policy: { kind: 'allow-list', rules } };
}

const refuse = (problem: string): ReadNetworkPolicy => ({ ok: false, problem });

/** The rule, or what is wrong with it. */
function readRule(entry: unknown): AllowRule | string {
  if (typeof entry !== 'object' || entry === null) return ' must be an object';
  const { host, cidr, ports, ...rest } = entry as Readonly<Record<string, unknown>>;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return ` has the unknown field ${JSON.stringify(unknown)}`;
  if ((host === undefined) === (cidr === undefined)) return ' must have exactly one of host and cidr';
  const read = readPorts(ports);
  if (typeof read === 'string') return read;
  if (host !== undefined) {
    const pattern = typeof host === 'string' ? host.toLowerCase() : '';
    const name = pattern.replace(/^\*\./, '');
    if (!hostForm.test(name)) {
      return `.host ${JSON.stringify(host)} must be a host name such as "api.example.com", or "*.example.com" for all names below one`;
    }
    return { kind: name === pattern ? 'host' : 'hosts-below', name, ports: read };
  }
  const range = typeof cidr === 'string' ? parseAddressRange(cidr) : null;
  if (range === null) {
    return `.cidr ${JSON.stringify(cidr)} must be a range of addresses such as "203.0.113.0/24" or "2001:db8::/32", with no bit set after the prefix`;
  }
  return { kind: 'range', range, ports: read };
}

function readPorts(ports: unknown): readonly number[] | null | string {
  if (ports === undefined) return null;
  if (!Array.isArray(ports) || ports.length < 1 || ports.length > maxPorts) {
    return `.ports must be a list of 1 to ${maxPorts} ports`;
  }
  const bad = ports.findIndex((port) => !Number.isInteger(port) || port < 1 || port > 65_535);
  return bad < 0 ? ports : `.ports[${bad}] ${JSON.stringify(ports[bad])} must be ${accepted.port}`;
}

export const mayUsePort = ({ ports }: Pick<AllowRule, 'ports'>, port: number): boolean =>
  ports === null ? port !== mailPort : ports.includes(port);

/** Whether a rule is about a name; letters of `name` are small. */
export function coversName(rule: AllowRule, name: string): boolean {
  switch (rule.kind) {
    case 'host':
      return name === rule.name;
    case 'hosts-below':
      return name.endsWith(`.${rule.name}`);
    case 'range':
      return false; // what a name leads to is known only when it is resolved
  }
}

/** Whether `asked` opens nothing that `most` leaves closed. Each rule, port by port, must be covered by one of the other's. */
export function isWithinPolicy(asked: NetworkPolicy, most: NetworkPolicy): boolean {
  if (asked.kind === 'none') return true;
  if (most.kind === 'none') return false;
  if (asked.kind === 'internet') return most.kind === 'internet';
  if (most.kind === 'internet') return !asked.rules.some(({ ports }) => ports?.includes(mailPort));
  return asked.rules.every((rule) => {
    const wider = most.rules.filter((other) => coversRule(other, rule));
    return rule.ports === null
      ? wider.some(({ ports }) => ports === null)
      : rule.ports.every((port) => wider.some((other) => mayUsePort(other, port)));
  });
}

function coversRule(wider: AllowRule, rule: AllowRule): boolean {
  switch (rule.kind) {
    case 'host':
      return coversName(wider, rule.name);
    case 'hosts-below':
      return wider.kind === 'hosts-below' && (wider.name === rule.name || rule.name.endsWith(`.${wider.name}`));
    case 'range':
      return wider.kind === 'range' && isRangeWithin(rule.range, wider.range);
  }
}
