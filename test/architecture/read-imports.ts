import { posix } from 'node:path';
import { readSource, type SourcePath } from './source-tree.ts';
import { withoutComments } from './strip-source.ts';

export interface Import {
  /** As it stands in the source. */
  readonly specifier: string;
  /** The project's file that is meant; null for a package or a node: module. */
  readonly target: SourcePath | null;
  readonly isDynamic: boolean;
}

const statement =
  /(?<![.\w])(?:import|export)\b[^'"`;=()]*?\bfrom\s*['"]([^'"]+)['"]|(?<![.\w])import\s*['"]([^'"]+)['"]/g;
const dynamicCall = /(?<![.\w])import\(\s*['"`]([^'"`]+)['"`]/g;

/** Everything that a file imports or exports again; what is only a type counts as well. */
export function importsOf(path: SourcePath): readonly Import[] {
  const source = withoutComments(readSource(path));
  const found = (pattern: RegExp, isDynamic: boolean): readonly Import[] =>
    [...source.matchAll(pattern)].map(([, first, second]) => {
      const specifier = first ?? second ?? '';
      const target = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : null;
      return { specifier, target, isDynamic };
    });
  return [...found(statement, false), ...found(dynamicCall, true)];
}

/** `@scope/name` or `name` of an import from a package; null for node: modules and the project's own files. */
export function packageOf({ specifier, target }: Import): string | null {
  if (target !== null || specifier.startsWith('node:')) return null;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
