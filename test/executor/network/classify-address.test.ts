import { BlockList } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatIpAddress, parseIpAddress } from '../../../execution/ip-address.ts';
import { classifyAddress } from '../../../executor/network/classify-address.ts';

const kindOf = (text: string) => classifyAddress(text).kind;
const step = (text: string, by: bigint) => {
  const address = parseIpAddress(text);
  return formatIpAddress({ family: address?.family ?? 4, value: (address?.value ?? 0n) + by });
};

/** First and last address of what IANA's registries name, written down apart from the code. */
const specialRanges = [
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.0.2.0', '192.0.2.255'],
  ['192.31.196.0', '192.31.196.255'],
  ['192.52.193.0', '192.52.193.255'],
  ['192.88.99.0', '192.88.99.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['192.175.48.0', '192.175.48.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['198.51.100.0', '198.51.100.255'],
  ['203.0.113.0', '203.0.113.255'],
  ['2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2620:4f:8000::', '2620:4f:8000:ffff:ffff:ffff:ffff:ffff'],
  ['3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff'],
] as const;

describe('a special range', () => {
  it.each(
    specialRanges,
  )('begins at %s and ends at %s, and both addresses beside it are of the internet', (first, last) => {
    expect([step(first, -1n), first, last, step(last, 1n)].map(kindOf)).toEqual([
      'public',
      'special',
      'special',
      'public',
    ]);
  });

  it.each([
    ['0.255.255.255', '1.0.0.0'],
    ['224.0.0.0', '223.255.255.255'],
    ['1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2000::'],
    ['4000::', '3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ])('at the edge of the internet has %s and not %s', (special, open) => {
    expect([special, open].map(kindOf)).toEqual(['special', 'public']);
  });

  it.each([
    ['the metadata server', '169.254.169.254', 'the link of this machine, where its metadata server is'],
    ['the metadata server over IPv6', 'fd20:ce::254', 'a private network'],
    ['the address of everything', '0.0.0.0', 'this network'],
    ['broadcast', '255.255.255.255', 'reserved, or broadcast'],
    ['multicast', '239.255.255.255', 'multicast'],
    ['loopback', '::1', 'loopback'],
    ['unspecified', '::', 'unspecified'],
    ['the link', 'fe80::1', 'the link of this machine'],
    ['the end of the link', 'febf:ffff::1', 'the link of this machine'],
    ['a site', 'fec0::1', 'a private network'],
    ['IPv6 multicast', 'ff02::1', 'multicast'],
    ['discard', '100::1', 'discarded'],
    ['segment routing', '5f00::1', 'reserved for protocols'],
    ['a tunnel of 6to4 to 169.254.169.254', '2002:a9fe:a9fe::1', 'a tunnel over IPv4'],
    ['a tunnel of Teredo', '2001:0:a9fe:a9fe::1', 'a tunnel over IPv4'],
    ['169.254.169.254, mapped', '::ffff:169.254.169.254', 'an IPv4 address in another form'],
    ['8.8.8.8, mapped', '::ffff:8.8.8.8', 'an IPv4 address in another form'],
    ['8.8.8.8, compatible', '::8.8.8.8', 'an IPv4 address in another form'],
    ['8.8.8.8, translated by SIIT', '::ffff:0:8.8.8.8', 'an IPv4 address in another form'],
    ['a local NAT64', '64:ff9b:1::8.8.8.8', 'a local translation to IPv4'],
    ['what nobody has', '4000::1', 'not given out to anybody'],
    ['169.254.169.254 by NAT64', '64:ff9b::169.254.169.254', 'the link of this machine, where its metadata server is'],
    ['10.0.0.1 by NAT64', '64:ff9b::10.0.0.1', 'a private network'],
  ])('has %s: %s is %s', (_title, address, what) => {
    expect(classifyAddress(address)).toMatchObject({ kind: 'special', what });
  });
});

describe('an address of the internet', () => {
  it.each(['8.8.8.8', '1.1.1.1', '2001:4860:4860::8888', '2606:4700::1111', '64:ff9b::8.8.8.8'])('is %s', (address) => {
    expect(classifyAddress(address)).toMatchObject({
      kind: 'public',
      address: formatIpAddress(parseIpAddress(address) ?? { family: 4, value: 0n }),
    });
  });

  it('is none that a list of Node with the same registries has', () => {
    const list = new BlockList();
    for (const [first, last] of specialRanges) list.addRange(first, last, first.includes(':') ? 'ipv6' : 'ipv4');
    list.addSubnet('0.0.0.0', 8, 'ipv4');
    list.addSubnet('224.0.0.0', 3, 'ipv4');
    const near = fc
      .tuple(fc.constantFrom(...specialRanges.flat(), '0.0.0.0', '224.0.0.0', '255.255.255.0'), fc.nat(300))
      .map(([address, by]) => step(address, BigInt(by)));
    fc.assert(
      fc.property(
        fc.oneof(
          near.filter((text) => !text.startsWith('-')),
          fc.ipV4(),
        ),
        (text) => {
          const family = text.includes(':') ? 'ipv6' : 'ipv4';
          expect(kindOf(text)).toBe(list.check(text, family) ? 'special' : 'public');
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is, in an older form of IPv6, never one', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        const forms = ['::ffff:', '::', '::ffff:0:', '64:ff9b:1::'].map((start) => `${start}${text}`);
        expect(forms.map(kindOf)).toEqual(forms.map(() => 'special'));
      }),
    );
  });

  it('is by NAT64 what it is by itself', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(kindOf(`64:ff9b::${text}`)).toBe(kindOf(text));
      }),
    );
  });
});

it.each([
  '',
  'example.com',
  '127.1',
  '0x7f000001',
  '2130706433',
  '017700000001',
  '127.0.0.1.',
  '::1%lo',
  '[::1]',
])('%j is not an address', (text) => {
  expect(classifyAddress(text)).toEqual({ kind: 'not-an-address' });
});
