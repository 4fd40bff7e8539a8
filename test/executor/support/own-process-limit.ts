import { readFileSync } from 'node:fs';

/** What `ulimit -u` says in whatever this process starts. */
export function ownProcessLimit(): string {
  const limits = readFileSync('/proc/self/limits', 'latin1');
  return /^Max processes +(\w+)/m.exec(limits)?.[1] ?? `no limit was found in: ${limits}`;
}
