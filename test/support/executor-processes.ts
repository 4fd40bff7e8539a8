import { readdirSync, readFileSync } from 'node:fs';

/** Processes of the executor that serve this stack: told by their program and by the Pub/Sub address they were given. */
export function findExecutors(pubsubHost: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const program = readProc(pid, 'cmdline');
      return program.includes('executor/main.ts') && readProc(pid, 'environ').includes(pubsubHost);
    });
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}
