import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How many files lie in one directory, and directories in one package. */
const filesPerDirectory = 10;
const directoriesPerPackage = 40;

/** The same numbers each time. */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Text that compresses about as well as sources do, long enough that equal parts of it lie out of reach of each other. */
function longText(bytes: number): Buffer {
  const random = pseudoRandom(7);
  const words = Array.from({ length: 4000 }, (_, i) => Math.imul(i + 1, 2654435761).toString(36));
  const text = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; ) at += text.write(`${words[Math.floor(random() ** 2 * words.length)]} `, at, 'latin1');
  return text;
}

export const pathOfFile = (i: number): string => {
  const directory = Math.floor(i / filesPerDirectory);
  return `package-${Math.floor(directory / directoriesPerPackage)}/part-${directory}/file-${i}.txt`;
};

/** A tree of `files` files of 12,000 bytes on average, as package managers leave them: many small ones, a few large ones. */
export function makeBenchTree(root: string, files: number): { readonly bytes: number } {
  const random = pseudoRandom(1);
  const text = longText(Math.min(64_000_000, files * 12_000));
  const sizes = Array.from({ length: files }, (_, i) => (i % 100 === 0 ? 300_000 : Math.floor(random() ** 3 * 36_400)));
  sizes.forEach((size, i) => {
    const path = join(root, pathOfFile(i));
    if (i % filesPerDirectory === 0) mkdirSync(join(path, '..'), { recursive: true });
    const start = Math.floor(random() * (text.length - size));
    writeFileSync(path, text.subarray(start, start + size));
  });
  return { bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
