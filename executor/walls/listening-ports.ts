import type { ListeningPort } from '../../schemas/generated/messages.ts';

/** More are not told. */
export const mostListening = 64;

/**
 * Addresses as /proc/net/tcp and tcp6 have them (proc_net(5)): words of 32 bits in the order of the machine, which is little-endian here,
 * ":" and the port. In order and each once; null where one is none.
 */
export function parseListening(text: string): readonly ListeningPort[] | null {
  const found = new Map<string, ListeningPort>();
  for (const entry of text.split(' ').slice(0, mostListening)) {
    const [, address = '', port = ''] = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(entry) ?? [];
    if (address === '') return null;
    const one = { port: Number.parseInt(port, 16), address: addressOf(address) };
    found.set(`${one.port} ${one.address}`, one);
  }
  return [...found.values()].sort((a, b) => a.port - b.port || (a.address < b.address ? -1 : 1));
}

function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  const groups = (bytes.join('').match(/.{4}/g) ?? []).join(':');
  // The one form of an address that everybody writes alike (RFC 5952).
  return new URL(`http://[${groups}]`).hostname.slice(1, -1);
}
