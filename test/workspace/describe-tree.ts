import { hash } from 'node:crypto';
import { type BigIntStats, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Smaller files need not keep their holes. */
const minSparseBytes = 64n * 1024n;

export const describeTree = (root: string): string[] => lookAtTree(root).tree;

/**
 * What is in a directory, told by plain path calls and so independently of the code under test: one line for each name,
 * paths as one character per byte, hard links by the first of their names. Beside it the paths of fifos and the like.
 */
export function lookAtTree(root: string): { readonly tree: string[]; readonly special: string[] } {
  const lines: string[] = [];
  const special: string[] = [];
  const firstNames = new Map<bigint, string>();
  const visit = (prefix: string) => {
    const names = readdirSync(bytesOf(`${root}/${prefix}`), { encoding: 'latin1' }).sort();
    for (const name of names) {
      const path = prefix + name;
      const stat = lstatSync(bytesOf(`${root}/${path}`), { bigint: true });
      if (stat.isFile() || stat.isDirectory() || stat.isSymbolicLink()) {
        lines.push(`${path} ${describeEntry(root, path, stat, firstNames)}`);
      } else {
        special.push(path);
      }
      if (stat.isDirectory()) visit(`${path}/`);
    }
  };
  visit('');
  return { tree: lines, special };
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
  const holes = stat.size >= minSparseBytes && stat.blocks * 512n < stat.size ? ' with holes' : '';
  return `file${holes} ${attributes} ${first} ${tell(readFileSync(at))}`;
}

/** Long contents by their hash: they are compared often. */
const tell = (content: Buffer) => (content.length <= 4096 ? content.toString('latin1') : hash('sha256', content));

const bytesOf = (path: string) => Buffer.from(path, 'latin1');
