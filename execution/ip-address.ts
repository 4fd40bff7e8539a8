/** An address of the Internet Protocol as the number that it is; however it was spelled, it is compared as this. */
export interface IpAddress {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** All addresses that share the first `prefix` bits of `address`; its other bits are zero. */
export interface AddressRange {
  readonly address: IpAddress;
  readonly prefix: number;
}

const decimalByte = /^(?:0|[1-9][0-9]{0,2})$/;
const hexGroup = /^[0-9a-f]{1,4}$/i;

export const bitsOf = (family: 4 | 6): number => (family === 4 ? 32 : 128);

/**
 * Reads an address in its usual spelling: four decimal numbers without leading zeros, or the text of RFC 4291 without a
 * zone. Null for everything else, also for what some programs take as an address (`127.1`, `0x7f.1`, `2130706433`).
 */
export function parseIpAddress(text: string): IpAddress | null {
  // The longest spelling has 45 characters; more are not looked at.
  if (text.length > 45) return null;
  return text.includes(':') ? parse6(text) : parse4(text);
}

function parse4(text: string): IpAddress | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => decimalByte.test(part) && Number(part) <= 255)) return null;
  return { family: 4, value: parts.reduce((value, part) => value * 256n + BigInt(part), 0n) };
}

function parse6(text: string): IpAddress | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = halves.map((half, index) => groupsOf(half, index === halves.length - 1));
  if (head === null || head === undefined || tail === null) return null;
  if (tail === undefined) return head.length === 8 ? fromGroups(head) : null;
  const zeros = 8 - head.length - tail.length;
  return zeros < 1 ? null : fromGroups([...head, ...Array<bigint>(zeros).fill(0n), ...tail]);
}

/** The 16-bit groups of one side of "::"; the very last may be an IPv4 address in their place. */
function groupsOf(text: string, isLast: boolean): bigint[] | null {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: bigint[] = [];
  for (const [index, part] of parts.entries()) {
    if (hexGroup.test(part)) {
      groups.push(BigInt(`0x${part}`));
      continue;
    }
    const embedded = isLast && index === parts.length - 1 ? parse4(part) : null;
    if (embedded === null) return null;
    groups.push(embedded.value >> 16n, embedded.value & 0xffffn);
  }
  return groups;
}

const fromGroups = (groups: readonly bigint[]): IpAddress => ({
  family: 6,
  value: groups.reduce((value, group) => (value << 16n) | group, 0n),
});

/** The one spelling that is shown and connected to (RFC 5952, but never with dots). */
export function formatIpAddress({ family, value }: IpAddress): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => (value >> BigInt(112 - 16 * index)) & 0xffffn);
  const text = groups.map((group) => group.toString(16)).join(':');
  const runs = [...text.matchAll(/\b0(?::0)+\b/g)].toSorted(([a], [b]) => b.length - a.length);
  const [longest] = runs;
  if (longest === undefined) return text;
  const after = text.slice(longest.index + longest[0].length);
  return `${text.slice(0, longest.index).replace(/:$/, '')}::${after.replace(/^:/, '')}`;
}

/** Reads "address/prefix" (RFC 4632, RFC 4291). Null also where bits after the prefix are set: it may be a slip. */
export function parseAddressRange(text: string): AddressRange | null {
  const [before = '', after = '', ...rest] = text.split('/');
  const address = parseIpAddress(before);
  if (address === null || rest.length > 0 || !decimalByte.test(after)) return null;
  const prefix = Number(after);
  if (prefix > bitsOf(address.family)) return null;
  const range = { address, prefix };
  return firstBits(address, prefix) << freeBits(range) === address.value ? range : null;
}

const freeBits = ({ address, prefix }: AddressRange): bigint => BigInt(bitsOf(address.family) - prefix);

const firstBits = ({ family, value }: IpAddress, prefix: number): bigint => value >> BigInt(bitsOf(family) - prefix);

export function isInRange(address: IpAddress, range: AddressRange): boolean {
  return (
    address.family === range.address.family &&
    firstBits(address, range.prefix) === firstBits(range.address, range.prefix)
  );
}

export const isRangeWithin = (range: AddressRange, outer: AddressRange): boolean =>
  range.prefix >= outer.prefix && isInRange(range.address, outer);

/** A range that is known to be well-formed. */
export function addressRange(text: string): AddressRange {
  const range = parseAddressRange(text);
  if (range === null) throw new Error(`${text} is not a range of addresses`);
  return range;
}
