import { describe, expect, it } from '@jest/globals';
import { importsOf, packageOf } from './read-imports.ts';
import { codeFiles, readSource, type SourcePath } from './source-tree.ts';
import { codeOnly } from './strip-source.ts';

/** Files whose functions give the same answer for the same arguments, whenever and wherever they run. */
const declaredPure =
  /^execution\/|(?:^|\/)decide[^/]*\.ts$|^schemas\/(?:parse|encode|describe)-[^/]*\.ts$|^infra\/(?:topology|firestore)\.ts$/;

/** The declared files and whatever they import: a pure file that calls an impure one is not pure. */
function withImports(roots: readonly SourcePath[]): readonly SourcePath[] {
  const found = new Set<SourcePath>();
  const visit = (path: SourcePath) => {
    if (found.has(path) || !codeFiles.includes(path)) return;
    found.add(path);
    for (const { target } of importsOf(path)) if (target !== null) visit(target);
  };
  for (const path of roots) visit(path);
  return [...found].toSorted();
}

const roots = codeFiles.filter((path) => declaredPure.test(path) && !path.startsWith('test/'));
const pureFiles = withImports(roots);

/** What reads or changes something outside of a function's arguments. */
const impure = {
  clock: /\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )(?<![.\w])Date\(|(?<![.\w])performance\b/g,
  randomness: /\bMath\.random\b|(?<![.\w])crypto\b/g,
  environment: /(?<![.\w])(?:process|globalThis|require)\b\s*[.([]|\bimport\.meta\b/g,
  console: /(?<![.\w])console\b/g,
  timers: /(?<![.\w])(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/g,
  network: /(?<![.\w])(?:fetch|WebSocket)\(/g,
} as const;

describe('the scan of pure files', () => {
  it('finds them', () => {
    expect(roots.length).toBeGreaterThan(10);
    expect(roots).toContain('execution/outcome.ts');
    expect(roots).toContain('schemas/parse-message.ts');
    expect(roots).toContain('infra/topology.ts');
    expect(pureFiles).toContain('schemas/quote.ts');
  });
});

describe('a pure file', () => {
  it.each(pureFiles)('imports neither a module of node nor a package: %s', (path) => {
    const outside = importsOf(path).filter((imported) => imported.specifier.startsWith('node:') || packageOf(imported));
    expect(outside.map(({ specifier }) => specifier)).toEqual([]);
  });

  it.each(pureFiles)('reads no clock, randomness or environment, and writes nowhere: %s', (path) => {
    const code = codeOnly(readSource(path));
    const found = Object.entries(impure).flatMap(([what, pattern]) =>
      [...code.matchAll(pattern)].map(([text]) => `${what}: ${text}`),
    );
    expect(found).toEqual([]);
  });
});
