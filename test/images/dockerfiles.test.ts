import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { reachedFrom } from '../architecture/reached-files.ts';
import { allFiles } from '../architecture/source-tree.ts';
import { lintDockerfile, userOf } from './support/lint-dockerfile.ts';
import { type Dockerfile, parseDockerfile, type Stage } from './support/parse-dockerfile.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'infra/images');
const names = readdirSync(folder).filter((name) => name.endsWith('.Dockerfile'));
const scripts = readdirSync(folder).filter((name) => name.endsWith('.sh'));
const read = (name: string): Dockerfile => parseDockerfile(readFileSync(join(folder, name), 'utf8'));
const lastStage = (name: string): Stage => read(name).stages.at(-1) as Stage;

/** What of the project an image has, each by its path there and here. */
const copied = (stage: Stage): readonly string[] =>
  stage.instructions
    .filter(({ name, text }) => name === 'COPY' && !text.includes('--from='))
    .flatMap(({ words }) => words.slice(0, -1));

const isCopied = (path: string, stage: Stage) =>
  copied(stage).some((one) => path === one || path.startsWith(`${one}/`));

describe('the Dockerfiles', () => {
  it('are those of the two images, of the base, and of what stands for Google on one machine', () => {
    expect(names).toEqual(['base.Dockerfile', 'executor.Dockerfile', 'local.Dockerfile', 'services.Dockerfile']);
  });

  it.each(names)('keep to the rules: %s', (name) => {
    expect(lintDockerfile(read(name))).toEqual([]);
  });

  it.each([
    ['an unpinned base', 'FROM node:24', /not pinned/],
    ['a base without a tag', 'FROM debian', /not pinned/],
    ['a base by an argument without a version', 'ARG B=node:latest\nFROM ${B}', /not pinned/],
    ['a shell where none is needed', 'FROM a:1.2.3\nENTRYPOINT node main.ts', /exec form/],
    ['a download', 'FROM a:1.2.3\nADD https://example.com/x.tar /', /local archives/],
    ['everything', 'FROM a:1.2.3\nCOPY . /opt', /takes everything/],
    ['a secret', 'FROM a:1.2.3\nENV API_TOKEN=x', /keeps a secret/],
    ['nobody as its user', 'FROM a:1.2.3\nENTRYPOINT ["x"]', /USER is not said/],
  ])('would be refused with %s', (_what, text, problem) => {
    expect(lintDockerfile(parseDockerfile(text)).join('\n')).toMatch(problem);
  });

  it('end as root for executors alone, which put commands under another user, and for the base', () => {
    expect(names.map((name) => userOf(lastStage(name)))).toEqual(['0:0', '0:0', '65532:65532', '65532:65532']);
  });

  it.each(
    names.filter((name) => name !== 'base.Dockerfile'),
  )('copy what there is, and what the context has: %s', (name) => {
    const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
    const sources = read(name).stages.flatMap(copied);
    expect(sources.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const isAllowed = (path: string) =>
      ignored.some((line) => line.startsWith('!') && posix.matchesGlob(path, line.slice(1)));
    expect(sources.filter((path) => !isAllowed(path))).toEqual([]);
  });

  it.each([
    ['executor.Dockerfile', ['executor/main.ts', 'executor/publisher-thread.ts', 'executor/doctor/main.ts']],
    ['services.Dockerfile', ['dispatcher/main.ts', 'result-collector/main.ts', 'dead-letter/main.ts']],
    [
      'local.Dockerfile',
      ['local/stack/prepare.ts', 'local/stack/schedule.ts', 'local/stack/storage.ts', 'local/servers.ts'],
    ],
    ['local.Dockerfile', ['executor/main.ts', 'executor/publisher-thread.ts', 'cli/run-cli.ts', 'cli/up.ts']],
  ])('%s has every file that its programs load', (name, programs) => {
    const reached = reachedFrom(...programs);
    expect(reached.length).toBeGreaterThan(80);
    expect(reached.filter((path) => !isCopied(path, lastStage(name)))).toEqual([]);
  });

  it('have every program that a line of the images names', () => {
    const programs = names.flatMap((name) =>
      lastStage(name)
        .instructions.flatMap(({ exec }) => exec ?? [])
        .filter((one) => one.endsWith('.ts')),
    );
    expect(
      programs.map((path) => path.replace('/opt/sandbus/', '')).filter((path) => !allFiles.includes(path)),
    ).toEqual([]);
  });
});

const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0;

describe('the scripts of the images', () => {
  it.each(
    scripts,
  )(`are correct bash${hasShellcheck ? ' and please shellcheck' : ' (shellcheck is not installed)'}: %s`, (name) => {
    const check = hasShellcheck ? ['shellcheck', join(folder, name)] : ['bash', '-n', join(folder, name)];
    const { status, stdout } = spawnSync(check[0] ?? '', check.slice(1), { encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, '']);
  });
});
