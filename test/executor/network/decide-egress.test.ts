import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readNetworkPolicy } from '../../../execution/network-policy.ts';
import { classifyAddress } from '../../../executor/network/classify-address.ts';
import { decideAddresses, decideTarget, type EgressRules } from '../../../executor/network/decide-egress.ts';
import { type EgressTarget, readTarget } from '../../../executor/network/read-target.ts';

const target = (authority: string) => readTarget(authority, null) as EgressTarget;
const rulesOf = (network: unknown, own: readonly string[] = []): EgressRules => {
  const read = readNetworkPolicy(network);
  return { policy: read.ok ? read.policy : { kind: 'none' }, classify: classifyAddress, ownAddresses: new Set(own) };
};
const decidedBefore = (authority: string, network: unknown, own?: readonly string[]) => {
  const decision = decideTarget(target(authority), rulesOf(network, own));
  return decision.kind === 'refuse' ? decision.reason : decision.kind;
};
const decidedAfter = (authority: string, addresses: readonly string[], network: unknown, own?: readonly string[]) => {
  const decision = decideAddresses(target(authority), addresses, rulesOf(network, own));
  return decision.kind === 'refuse' ? decision.reason : decision.addresses.map(({ address }) => address);
};

const list = { allow: [{ host: 'api.example.com', ports: [443] }, { host: '*.example.org' }, { cidr: '8.8.8.0/24' }] };
const hostsOnly = { allow: [{ host: 'api.example.com', ports: [443] }, { host: '*.example.org' }] };

describe('before a name is looked up', () => {
  it.each<[string, unknown, string]>([
    ['example.com:443', 'none', 'no-network'],
    ['8.8.8.8:443', 'none', 'no-network'],
    ['example.com:443', 'internet', 'resolve'],
    ['8.8.8.8:443', 'internet', 'connect'],
    ['[2001:4860:4860::8888]:443', 'internet', 'connect'],
    ['example.com:0', 'internet', 'port-closed'],
    ['example.com:1', 'internet', 'resolve'],
    ['example.com:24', 'internet', 'resolve'],
    ['example.com:25', 'internet', 'port-closed'],
    ['example.com:26', 'internet', 'resolve'],
    ['169.254.169.254:80', 'internet', 'not-public'],
    ['[fd20:ce::254]:80', 'internet', 'not-public'],
    ['127.0.0.1:8080', 'internet', 'not-public'],
    ['[::ffff:169.254.169.254]:80', 'internet', 'not-public'],
    ['2852039166:80', 'internet', 'unclear-host'],
    ['0xa9fea9fe:80', 'internet', 'unclear-host'],
    ['0xa9.0xfe.0xa9.0xfe:80', 'internet', 'unclear-host'],
    ['metadata:80', 'internet', 'not-public'],
    ['metadata.google.internal:80', 'internet', 'not-public'],
    ['METADATA.GOOGLE.INTERNAL.:80', 'internet', 'not-public'],
    ['localhost:80', 'internet', 'not-public'],
    ['a.localhost:80', 'internet', 'not-public'],
    ['printer.local:80', 'internet', 'not-public'],
    ['notinternal.example:80', 'internet', 'resolve'],
    ['api.example.com:443', hostsOnly, 'resolve'],
    ['api.example.com:444', hostsOnly, 'port-closed'],
    ['example.com:443', hostsOnly, 'not-allowed'],
    ['a.api.example.com:443', hostsOnly, 'not-allowed'],
    ['a.example.org:8443', hostsOnly, 'resolve'],
    ['a.example.org:25', hostsOnly, 'port-closed'],
    ['example.org:443', hostsOnly, 'not-allowed'],
    ['8.8.8.8:443', hostsOnly, 'not-allowed'],
    ['8.8.8.8:443', list, 'connect'],
    ['8.8.9.1:443', list, 'not-allowed'],
    ['other.example:443', list, 'resolve'],
    ['mail.example:25', { allow: [{ host: 'mail.example', ports: [25] }] }, 'resolve'],
    ['mail.example:0', { allow: [{ host: 'mail.example' }] }, 'port-closed'],
    ['10.0.0.1:80', { allow: [{ cidr: '10.0.0.0/8' }] }, 'not-public'],
    ['169.254.169.254:80', { allow: [{ cidr: '0.0.0.0/0' }] }, 'not-public'],
    ['metadata.google.internal:80', { allow: [{ host: 'metadata.google.internal' }] }, 'not-public'],
  ])('%s under %j: %s', (authority, network, decided) => {
    expect(decidedBefore(authority, network)).toBe(decided);
  });

  it('an address of the machine itself is refused, also a public one', () => {
    expect(decidedBefore('8.8.8.8:443', 'internet', ['8.8.8.8'])).toBe('not-public');
    expect(decidedBefore('[2001:4860:0::1]:443', 'internet', ['2001:4860::1'])).toBe('not-public');
  });
});

describe('with the addresses of a name', () => {
  it.each<[string, readonly string[], unknown, string | readonly string[]]>([
    ['a.example:443', ['8.8.8.8'], 'internet', ['8.8.8.8']],
    ['a.example:443', [], 'internet', 'not-public'],
    ['a.example:443', ['10.0.0.1'], 'internet', 'not-public'],
    ['a.example:443', ['10.0.0.1', '8.8.8.8', '::1', '2001:4860::1'], 'internet', ['8.8.8.8', '2001:4860::1']],
    ['a.example:443', ['::ffff:8.8.8.8'], 'internet', 'not-public'],
    ['a.example:443', ['nonsense'], 'internet', 'not-public'],
    ['api.example.com:443', ['8.8.4.4'], list, ['8.8.4.4']],
    ['api.example.com:443', ['169.254.169.254'], list, 'not-public'],
    ['other.example:443', ['8.8.8.8'], list, ['8.8.8.8']],
    ['other.example:443', ['8.8.4.4', '8.8.8.7'], list, ['8.8.8.7']],
    ['other.example:443', ['8.8.4.4'], list, 'not-allowed'],
    ['api.example.com:444', ['8.8.4.4'], list, 'not-allowed'],
    ['a.example:443', ['8.8.8.8'], 'none', 'not-allowed'],
  ])('%s, which has %j, under %j: %j', (authority, addresses, network, decided) => {
    expect(decidedAfter(authority, addresses, network)).toEqual(decided);
  });

  it('no address that is not of the internet is ever connected to', () => {
    const network = fc.constantFrom('internet', list, { allow: [{ cidr: '0.0.0.0/0' }, { cidr: '::/0' }] });
    fc.assert(
      fc.property(network, fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant('10.1.2.3'))), (policy, addresses) => {
        const decided = decidedAfter('a.example.org:443', addresses, policy);
        expect([decided].flat().filter((one) => classifyAddress(one).kind === 'special')).toEqual([]);
      }),
    );
  });

  it('the sentence names what a name led to', () => {
    expect(decideAddresses(target('rebound.example:80'), ['169.254.169.254'], rulesOf('internet'))).toMatchObject({
      why: 'rebound.example, which leads to 169.254.169.254, is not an address of the internet: the link of this machine, where its metadata server is',
    });
  });
});
