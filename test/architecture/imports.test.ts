import { describe, expect, it } from '@jest/globals';
import { grants, mayImport, moduleRules, packageRules, unitOf, unrestricted } from './import-rules.ts';
import { type Import, importsOf, packageOf } from './read-imports.ts';
import { codeFiles, folderOf, readSource, type SourcePath } from './source-tree.ts';
import { stringsIn } from './strip-source.ts';

/** Files in the root configure tools and import nothing of the project. */
const files = codeFiles.filter((path) => folderOf(path) !== '');
const layered = files.filter((path) => !unrestricted.has(folderOf(path)));

function refusedTargets(path: SourcePath): readonly string[] {
  const unit = unitOf(path);
  const allowed = new Set([unit, ...(mayImport[unit] ?? [])]);
  const granted = ({ isDynamic }: Import, target: string) =>
    grants.some(
      (grant) => grant.files.test(path) && grant.mayImport.includes(target) && (isDynamic || !grant.onlyDynamically),
    );
  return importsOf(path).flatMap((imported) => {
    if (imported.target === null) return [];
    const target = unitOf(imported.target);
    if (allowed.has(target) || granted(imported, target)) return [];
    return [`${imported.target}: ${unit} may import only ${[...allowed].join(', ')}`];
  });
}

function refusedPackages(path: SourcePath): readonly string[] {
  return importsOf(path).flatMap((imported) => {
    const name = packageOf(imported) ?? imported.specifier;
    const rules = [
      ...packageRules.map(({ packages, ...rule }) => ({ ...rule, names: packages })),
      ...moduleRules.map(({ modules, ...rule }) => ({ ...rule, names: modules })),
    ];
    return rules
      .filter(({ names, files: allowedFiles }) => names.test(name) && !allowedFiles.test(path))
      .map(({ because }) => `${name}: ${because}`);
  });
}

/** A package can also be named in `require`, so its name counts wherever it is a string of its own. */
function namesOfGooglePackages(path: SourcePath): readonly string[] {
  return stringsIn(readSource(path)).filter((text) => /^(?:@google-cloud\/|google-auth-library|google-gax)/.test(text));
}

function findCycles(): readonly string[] {
  const state = new Map<SourcePath, 'open' | 'done'>();
  const cycles: string[] = [];
  const visit = (path: SourcePath, trail: readonly SourcePath[]) => {
    if (state.get(path) === 'open') cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (state.has(path)) return;
    state.set(path, 'open');
    const targets = importsOf(path).map(({ target }) => target);
    for (const target of targets) if (target !== null && files.includes(target)) visit(target, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of files) visit(path, []);
  return cycles;
}

describe('the scan of imports', () => {
  it('finds the files and their imports', () => {
    expect(layered.length).toBeGreaterThan(50);
    expect(layered).toContain('execution/outcome.ts');
    expect(importsOf('execution/outcome.ts')).toContainEqual({
      specifier: './assert-never.ts',
      target: 'execution/assert-never.ts',
      isDynamic: false,
    });
    expect(importsOf('schemas/parse-message.ts').map(({ target }) => target)).toContain(
      'schemas/generated/validators.js',
    );
    expect(importsOf('gcp/publisher.ts').map(packageOf)).toContain('@google-cloud/pubsub');
  });

  it('has a rule for every folder with code', () => {
    const units = new Set(layered.map(unitOf));
    expect([...units].filter((unit) => mayImport[unit] === undefined)).toEqual([]);
  });
});

describe('a file', () => {
  it.each(layered)('imports only what its folder may: %s', (path) => {
    expect(refusedTargets(path)).toEqual([]);
  });

  it.each(files)('imports only packages that belong there: %s', (path) => {
    expect(refusedPackages(path)).toEqual([]);
  });

  it.each(
    layered.filter((path) => !/^(?:gcp|examples|infra)\//.test(path)),
  )('names no package of Google, but for the protos that a local server reads out of it: %s', (path) => {
    const isProtos = (name: string) => path.startsWith('local/') && name.endsWith('.json');
    expect(namesOfGooglePackages(path).filter((name) => !isProtos(name))).toEqual([]);
  });
});

describe('the imports of all files together', () => {
  it('have no cycle, not even among types', () => {
    expect(findCycles()).toEqual([]);
  });
});
