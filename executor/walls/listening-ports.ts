import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import type { ListeningPort } from '../../schemas/generated/messages.ts';

/** More are not told. */
export const mostListening = 64;

/** Enough for more rows than are told: those that listen come first. */
const readBytes = 64 * 1024;

/** On what a process's network is listened, by whoever is in it; null where that is this process's own network too. */
export function listeningAround(pid: number): readonly ListeningPort[] | null {
  try {
    const network = (of: number | 'self') => readlinkSync(`/proc/${of}/ns/net`);
    if (network(pid) === network('self')) return null;
    const rows = ['tcp', 'tcp6'].flatMap((table) => readStart(`/proc/${pid}/net/${table}`).split('\n').slice(1, -1));
    const listening = rows.map((row) => row.trim().split(/\s+/)).filter(([, , , state]) => state === '0A');
    return listening.length === 0 ? [] : parseListening(listening.map(([, local = '']) => local).join(' '));
  } catch {
    return null; // it has ended
  }
}

function readStart(path: string): string {
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(readBytes);
    let filled = 0;
    // A table comes a page at a time.
    for (let read = 1; read > 0 && filled < bytes.length; filled += read) {
      read = readSync(fd, bytes, filled, bytes.length - filled, null);
    }
    return bytes.toString('latin1', 0, filled);
  } finally {
    closeSync(fd);
  }
}

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
