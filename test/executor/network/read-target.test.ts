import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readTarget } from '../../../executor/network/read-target.ts';

describe('a target', () => {
  it.each([
    ['example.com:443', { kind: 'name', name: 'example.com' }, 443],
    ['Example.COM.:443', { kind: 'name', name: 'example.com' }, 443],
    ['metadata:80', { kind: 'name', name: 'metadata' }, 80],
    ['under_score.example:1', { kind: 'name', name: 'under_score.example' }, 1],
    ['8.8.8.8:53', { kind: 'address', address: '8.8.8.8' }, 53],
    ['[2001:DB8:0::1]:443', { kind: 'address', address: '2001:db8::1' }, 443],
    ['example.com:0', { kind: 'name', name: 'example.com' }, 0],
    ['example.com:65535', { kind: 'name', name: 'example.com' }, 65_535],
    ['example.com', { kind: 'name', name: 'example.com' }, 80],
    ['[::1]', { kind: 'address', address: '::1' }, 80],
  ])('%s is read', (authority, host, port) => {
    expect(readTarget(authority, 80)).toMatchObject({ host, port });
  });

  it.each([
    ...['2130706433:80', '0x7f000001:80', '017700000001:80', '127.1:80', '0x7f.1:80', '0177.0.0.1:80', '127.0.0.1.:80'],
    ...['1.2.3.4.5:80', '256.1.1.1:80', '01.2.3.4:80', 'a.0x:80', 'example.7:80', '0:80'],
    ...['[fe80::1%eth0]:80', '[fe80::1%25eth0]:80', '[1.2.3.4]:80', '[]:80', '[::1::]:80'],
    ...['%31%32%37.0.0.1:80', 'a..example:80', '.example.com:80', '..:80', '*.example.com:80', 'a-.example-:80'],
    ...[`${'a'.repeat(64)}.example:80`, 'a,b:80', "a'b:80"],
  ])('%s leads nowhere, because programs disagree about it', (authority) => {
    expect(readTarget(authority, 80)?.host.kind).toBe('unclear');
  });

  it.each([
    ...['', ':80', 'a:b', 'a:65536', 'a:123456', 'a:-1', 'a:80:80', '::1:80', '[::1:80', '::1]:80', '[::1]80', 'a:'],
    ...[
      'user@example.com:80',
      'user:pw@example.com:80',
      'a/b:80',
      'a?b',
      'a#b',
      'a\\b:80',
      'a b:80',
      'a\t:80',
      'ä.de:80',
    ],
    ...['a\u0000b:80', `${'a'.repeat(301)}`],
  ])('is not %j', (authority) => {
    expect(readTarget(authority, 80)).toBeNull();
  });

  it('needs a port where there is no usual one', () => {
    expect(readTarget('example.com', null)).toBeNull();
  });

  it('is read from anything without an error, and shown in printable characters', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webAuthority(), fc.string({ unit: 'binary' })), (text) => {
        expect(readTarget(text, 80)?.shown ?? '').toMatch(/^[\x21-\x7e]{0,253}$/);
      }),
    );
  });
});
