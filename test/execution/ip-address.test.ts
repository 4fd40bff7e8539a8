import { BlockList, isIP } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addressRange,
  formatIpAddress,
  type IpAddress,
  isInRange,
  isRangeWithin,
  parseAddressRange,
  parseIpAddress,
} from '../../execution/ip-address.ts';

const spelled = (text: string) => {
  const address = parseIpAddress(text);
  return address === null ? null : formatIpAddress(address);
};

const parsed = (text: string) => parseIpAddress(text) as IpAddress;

describe('an address', () => {
  it.each([
    ['1.2.3.4', '1.2.3.4'],
    ['255.255.255.255', '255.255.255.255'],
    ['0.0.0.0', '0.0.0.0'],
    ['::', '::'],
    ['::1', '::1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['10:0:0:1:2:3:4:5', '10::1:2:3:4:5'],
    ['1:0:3:4:5:6:7:8', '1:0:3:4:5:6:7:8'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::ffff:1.2.3.4', '::ffff:102:304'],
    ['64:ff9b::169.254.169.254', '64:ff9b::a9fe:a9fe'],
  ])('%s is read and spelled as %s', (text, canonical) => {
    expect(spelled(text)).toBe(canonical);
  });

  it.each([
    ...['', '1.2.3', '127.1', '1.2.3.4.5', '256.1.1.1', '01.2.3.4', '0x7f.0.0.1', '2130706433', '1.2.3.4.', ' 1.2.3.4'],
    ...['1.2.3.-4', '1.2.3.4/8', ':::', '1::2::3', '12345::', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '::1%lo', 'g::1'],
    ...['1.2.3.4::', '::1.2.3', '::1.2.3.4:5', '1:2:3:4:5:6:7:1.2.3.4', ':1:2:3:4:5:6:7', '[::1]', '١.2.3.4'],
  ])('%j is none', (text) => {
    expect(parseIpAddress(text)).toBeNull();
  });

  it('is what Node takes for one, but for zones', () => {
    const part = fc.oneof(
      fc.nat(65_536).map((n) => n.toString(16)),
      fc.constantFrom('', '0', '1.2.3.4', '300', '%1'),
    );
    const v6 = fc.array(part, { maxLength: 10 }).map((parts) => parts.join(':'));
    const v4 = fc
      .array(fc.constantFrom('0', '00', '1', '255', '256', ''), { maxLength: 5 })
      .map((parts) => parts.join('.'));
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), v6, v4), (text) => {
        expect(parseIpAddress(text)?.family ?? 0).toBe(text.includes('%') ? 0 : isIP(text));
      }),
    );
  });

  it('keeps its value when it is spelled and read again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const address = parseIpAddress(text);
        expect(address).not.toBeNull();
        expect(parseIpAddress(spelled(text) ?? '')).toEqual(address);
      }),
    );
  });
});

describe('a range of addresses', () => {
  it.each(['10.0.0.0/8', '0.0.0.0/0', '1.2.3.4/32', '::/0', '2001:db8::/32', '::1/128'])('is %s', (text) => {
    expect(parseAddressRange(text)).not.toBeNull();
  });

  it.each([
    ...['10.0.0.0', '10.0.0.0/', '10.0.0.0/33', '10.0.0.1/8', '10.0.0.0/08', '10.0.0.0/-1', '10.0.0.0/8/8', '/8'],
    ...['::/129', '2001:db8::1/64', 'example.com/8'],
  ])('is not %s', (text) => {
    expect(parseAddressRange(text)).toBeNull();
    expect(() => addressRange(text)).toThrow(text);
  });

  it('has in it what BlockList of Node has', () => {
    const ofFamily = (address: fc.Arbitrary<string>, bits: number) =>
      fc.tuple(address, address, fc.nat(bits), fc.boolean());
    fc.assert(
      fc.property(
        fc.oneof(
          ofFamily(fc.ipV4(), 32).map((one) => [4, ...one] as const),
          ofFamily(fc.ipV6(), 128).map((one) => [6, ...one] as const),
        ),
        ([family, net, other, prefix, isSame]) => {
          const address = parsed(net);
          const checked = parsed(isSame ? net : other);
          const list = new BlockList();
          list.addSubnet(net, prefix, `ipv${family}`);
          const free = BigInt((family === 4 ? 32 : 128) - prefix);
          const range = { address: { ...address, value: (address.value >> free) << free }, prefix };
          expect(isInRange(checked, range)).toBe(list.check(formatIpAddress(checked), `ipv${family}`));
        },
      ),
    );
  });

  it.each([
    ['10.0.0.0/8', '10.0.0.0/8', true],
    ['10.1.0.0/16', '10.0.0.0/8', true],
    ['10.0.0.0/8', '10.1.0.0/16', false],
    ['11.0.0.0/8', '10.0.0.0/8', false],
    ['::/8', '0.0.0.0/0', false],
  ])('%s lies within %s: %s', (range, outer, isWithin) => {
    expect(isRangeWithin(addressRange(range), addressRange(outer))).toBe(isWithin);
  });
});
