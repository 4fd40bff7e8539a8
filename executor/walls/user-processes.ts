import { readdirSync, readFileSync } from 'node:fs';
import { type ProcessRow, readProcess } from './processes.ts';

/** Every living process whose real user this is, oldest first. */
export function livingProcessesOf(uid: number): ProcessRow[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && readUser(name) === uid)
    .map((name) => readProcess(Number(name)))
    .filter((row) => row !== null && !row.isZombie)
    .map((row) => row as ProcessRow)
    .sort((a, b) => a.startedAt - b.startedAt || a.pid - b.pid);
}

/** The owner of the folder in /proc would be root for a process that hides its memory. */
function readUser(pid: string): number | null {
  try {
    const user = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return user === undefined ? null : Number(user);
  } catch {
    return null; // it has ended
  }
}

/**
 * Processes that are neither this one, nor one that led to it or came from it, nor those of the user. In a container that
 * was started for this executor there are none.
 */
export function strangers(own: number, uid: number): ProcessRow[] {
  const rows = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => readProcess(Number(name)))
      .filter((row) => row !== null)
      .map((row) => [row.pid, row]),
  );
  const ancestors = (pid: number): number[] => {
    const found: number[] = [];
    for (let at = rows.get(pid); at !== undefined; at = rows.get(at.parent)) found.push(at.pid);
    return found;
  };
  const led = new Set(ancestors(own));
  return [...rows.values()].filter(
    ({ pid, isZombie }) => !isZombie && !led.has(pid) && !ancestors(pid).includes(own) && readUser(`${pid}`) !== uid,
  );
}
