import { BlockList, isIP } from 'node:net';

/** IPv4 that is not anybody's on the internet (IANA IPv4 Special-Purpose Address Registry, RFC 6890). */
const special: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** Of IPv6 only what is given out for the internet, 2000::/3, without what leads elsewhere from there. */
const specialWithinGlobal: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const refused4 = new BlockList();
for (const [net, prefix] of special) refused4.addSubnet(net, prefix, 'ipv4');
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');
const refused6 = new BlockList();
for (const [net, prefix] of specialWithinGlobal) refused6.addSubnet(net, prefix, 'ipv6');
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Whether a webhook may be sent to an address: not to this machine, its network, or the metadata server.
 * `allowLoopback` is for receivers of tests.
 */
export function mayReceiveWebhooks(address: string, allowLoopback: boolean): boolean {
  switch (isIP(address)) {
    case 4:
      return !refused4.check(address, 'ipv4') || (allowLoopback && loopback.check(address, 'ipv4'));
    case 6: {
      if (allowLoopback && address === '::1') return true;
      return global6.check(address, 'ipv6') && !refused6.check(address, 'ipv6');
    }
    default:
      return false;
  }
}
