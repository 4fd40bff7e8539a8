import { type BigIntStats, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * What is in a directory, told by plain path calls and so independently of the code under test: one line for each name,
 * paths as one character per byte, hard links by the first of their names.
 */
export function describeTree(root: string): string[] {
  const lines: string[] = [];
  const firstNames = new Map<bigint, string>();
  const visit = (prefix: string) => {
    const names = readdirSync(bytesOf(`${root}/${prefix}`), { encoding: 'latin1' }).sort();
    for (const name of names) {
      const path = prefix + name;
      const stat = lstatSync(bytesOf(`${root}/${path}`), { bigint: true });
      lines.push(`${path} ${describeEntry(root, path, stat, firstNames)}`);
      if (stat.isDirectory()) visit(`${path}/`);
    }
  };
  visit('');
  return lines;
}

function describeEntry(root: string, path: string, stat: BigIntStats, firstNames: Map<bigint, string>): string {
  const at = bytesOf(`${root}/${path}`);
  const time = stat.mtimeNs < 0n ? (stat.mtimeNs - 999n) / 1000n : stat.mtimeNs / 1000n;
  // Setuid and setgid are not part of a checkpoint.
  const attributes = `${(stat.mode & 0o1777n).toString(8)} ${time}`;
  if (stat.isSymbolicLink()) return `link ${time} ${readlinkSync(at, 'latin1')}`;
  if (stat.isDirectory()) return `directory ${attributes}`;
  const first = firstNames.get(stat.ino) ?? path;
  firstNames.set(stat.ino, first);
  return `file ${attributes} ${first} ${readFileSync(at, 'latin1')}`;
}

const bytesOf = (path: string) => Buffer.from(path, 'latin1');
