import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** What starts a local server: in this process, or as one of its own. */
const startsServer =
  /^(?:local\/(?:\w+\/server|servers|open-servers)|test\/support\/killed-server\/server-process)\.ts$/;

/** `import type` loads nothing. */
const importOf = /^(?:import|export) (?!type )[^;]*? from '(\.[^']+)';/gms;

/**
 * Whether a file of tests drives a running server: it imports what starts one, by itself or through other files of `test/`.
 * Paths are from the project's root.
 */
export function drivesServer(file: string, seen: Set<string> = new Set()): boolean {
  if (startsServer.test(file)) return true;
  if (seen.has(file) || !file.startsWith('test/') || !existsSync(join(root, file))) return false;
  seen.add(file);
  const imports = [...readFileSync(join(root, file), 'utf8').matchAll(importOf)];
  return imports.some(([, path = '']) => drivesServer(relative(root, join(root, dirname(file), path)), seen));
}

/** The tests of `test/local/<server>/` that drive a running server, in what only this one does (its data folder, its clock). */
export const findServerTests = (servers: readonly string[]): readonly string[] =>
  globSync(`test/local/{${servers.join(',')}}/**/*.test.ts`, { cwd: root })
    .toSorted()
    .filter((file) => drivesServer(file));
