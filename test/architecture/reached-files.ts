import { importsOf } from './read-imports.ts';
import type { SourcePath } from './source-tree.ts';

/** Every file of the project that a program comes to load, by any kind of import. */
export function reachedFrom(...programs: readonly SourcePath[]): readonly SourcePath[] {
  const found = new Set<SourcePath>();
  const queue = [...programs];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    for (const { target } of importsOf(path)) if (target !== null) queue.push(target);
  }
  return [...found].sort();
}
