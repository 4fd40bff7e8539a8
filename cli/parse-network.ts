import type { RequestedNetwork } from '../client/index.ts';
import { misused, type Parsed, parsed } from './parse-options.ts';

type Rule = Exclude<RequestedNetwork, string>['allow'][number];

/** The network of a command: a word, or a list of what it may reach. Null asks for nothing. */
export function parseNetwork(network: string | null, allow: readonly string[]): Parsed<RequestedNetwork | null> {
  const rules: Rule[] = [];
  for (const text of allow) {
    const rule = parseRule(text);
    if (rule === null) {
      return misused(
        `--allow ${JSON.stringify(text)} must be a host or a range of addresses, with ports if not all, such as api.example.com:443,8443, *.example.com or 203.0.113.0/24`,
      );
    }
    rules.push(rule);
  }
  const [first, ...others] = rules;
  if (first === undefined) {
    if (network === null || network === 'none' || network === 'internet') return parsed(network);
    return misused(`--network ${JSON.stringify(network)} must be none or internet`);
  }
  if (network !== null) return misused('--network and --allow exclude each other');
  return parsed({ allow: [first, ...others] });
}

/** Ports stand behind the name, or behind the prefix of a range; an IPv6 address has colons of its own. */
function parseRule(text: string): Rule | null {
  const range = /^([0-9A-Fa-f:.]+\/[0-9]+)(?::([0-9,]+))?$/.exec(text);
  const [, what, list] = range ?? /^([^:/]+)(?::([0-9,]+))?$/.exec(text) ?? [];
  if (what === undefined) return null;
  const [first, ...others] = list === undefined ? [] : list.split(',').map(Number);
  const ports = first === undefined ? {} : { ports: [first, ...others] as [number, ...number[]] };
  return range === null ? { host: what, ...ports } : { cidr: what, ...ports };
}
