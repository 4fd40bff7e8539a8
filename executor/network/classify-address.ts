import {
  type AddressRange,
  addressRange,
  formatIpAddress,
  type IpAddress,
  isInRange,
  parseIpAddress,
} from '../../execution/ip-address.ts';

/** What an address is: of the internet, or what else. `address` is its one spelling, to connect to. */
export type AddressClass =
  | { readonly kind: 'public'; readonly address: string; readonly family: 4 | 6 }
  | { readonly kind: 'special'; readonly address: string; readonly what: string }
  | { readonly kind: 'not-an-address' };

export type ClassifyAddress = (text: string) => AddressClass;

interface SpecialRange {
  readonly range: AddressRange;
  readonly what: string;
}

const special = (what: string, ...ranges: readonly string[]): SpecialRange[] =>
  ranges.map((range) => ({ range: addressRange(range), what }));

/** IANA's IPv4 special-purpose and multicast registries. Also those that are reachable everywhere: whose they are is open. */
const special4: readonly SpecialRange[] = [
  ...special('the link of this machine, where its metadata server is', '169.254.0.0/16'),
  ...special('loopback', '127.0.0.0/8'),
  ...special('a private network', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'),
  ...special('a network shared by customers of a provider', '100.64.0.0/10'),
  ...special('this network', '0.0.0.0/8'),
  ...special('reserved for protocols', '192.0.0.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.175.48.0/24'),
  ...special('for documentation', '192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'),
  ...special('a relay to IPv6', '192.88.99.0/24'),
  ...special('for measurements', '198.18.0.0/15'),
  ...special('multicast', '224.0.0.0/4'),
  ...special('reserved, or broadcast', '240.0.0.0/4'),
];

/** Of IPv6 only 2000::/3 is given out for the internet. */
const globalUnicast = addressRange('2000::/3');

/** IANA's IPv6 special-purpose registry; the first that fits names the address. */
const special6: readonly SpecialRange[] = [
  ...special('loopback', '::1/128'),
  ...special('unspecified', '::/128'),
  ...special('an IPv4 address in another form', '::ffff:0:0/96', '::ffff:0:0:0/96', '::/96'),
  ...special('a private network', 'fc00::/7', 'fec0::/10'),
  ...special('the link of this machine', 'fe80::/10'),
  ...special('multicast', 'ff00::/8'),
  ...special('discarded', '100::/64', '100:0:0:1::/64'),
  ...special('a local translation to IPv4', '64:ff9b:1::/48'),
  ...special('a tunnel over IPv4', '2002::/16', '2001::/32'),
  ...special('reserved for protocols', '2001::/23', '2620:4f:8000::/48', '5f00::/16'),
  ...special('for documentation', '2001:db8::/32', '3fff::/20'),
];

/** NAT64: the last 32 bits are the IPv4 address that a connection comes out at. */
const translated = addressRange('64:ff9b::/96');

/**
 * Tells whether an address is of the internet. Only usual spellings count as addresses: whoever would connect to
 * another one has to refuse it before.
 */
export function classifyAddress(text: string): AddressClass {
  const parsed = parseIpAddress(text);
  if (parsed === null) return { kind: 'not-an-address' };
  const address = formatIpAddress(parsed);
  const what = whatItIs(parsed);
  return what === null ? { kind: 'public', address, family: parsed.family } : { kind: 'special', address, what };
}

function whatItIs(address: IpAddress): string | null {
  if (address.family === 4) return nameIn(special4, address);
  if (isInRange(address, translated)) {
    return nameIn(special4, { family: 4, value: address.value & 0xffff_ffffn });
  }
  return nameIn(special6, address) ?? (isInRange(address, globalUnicast) ? null : 'not given out to anybody');
}

const nameIn = (ranges: readonly SpecialRange[], address: IpAddress): string | null =>
  ranges.find(({ range }) => isInRange(address, range))?.what ?? null;
