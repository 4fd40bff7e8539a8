/*
 * How long saving and restoring a workspace takes, next to tar on the same tree in the same run.
 *
 *   node bench/workspace.ts [--folder FOLDER on the file system to measure] [--smoke]
 *
 * Takes about 400 MB and half a minute, and leaves nothing behind.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { restoreWorkspace } from '../workspace/restore-workspace.ts';
import { saveWorkspace } from '../workspace/save-workspace.ts';
import type { WorkspaceObjects } from '../workspace/workspace-objects.ts';

const { values: options } = parseArgs({
  options: { folder: { type: 'string', default: tmpdir() }, smoke: { type: 'boolean', default: false } },
});
const files = options.smoke ? 500 : 20_000;
const filesPerDirectory = 10;
const rounds = options.smoke ? 1 : 3;
const limits = { bytes: 1024 * 1024 * 1024, entries: 100_000 };
const sessionId = 'bench';

const words = Array.from({ length: 2000 }, (_, i) => Math.imul(i + 1, 2654435761).toString(36));

/** Sizes and texts as source trees have them: many small files, a few of some hundred kilobytes; about 100 MB. */
function makeTree(root: string): void {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  for (let i = 0; i < files; i += 1) {
    const directory = join(root, `package-${Math.floor(i / 400)}`, `part-${Math.floor(i / filesPerDirectory)}`);
    if (i % filesPerDirectory === 0) mkdirSync(directory, { recursive: true });
    const length = i % 100 === 0 ? 30_000 : Math.floor(random() ** 3 * 2400);
    const text = Array.from({ length }, () => words[Math.floor(random() * words.length)]).join(' ');
    writeFileSync(join(directory, `file-${i}.txt`), text);
  }
}

/** Objects as files, as tar's archive is one. */
function directoryObjects(directory: string): WorkspaceObjects & { readonly written: () => number } {
  let written = 0;
  const pathOf = (object: string) => join(directory, object.replaceAll('/', '_'));
  return {
    read: async (refs) => new Map(refs.map(({ object }) => [object, readFileSync(pathOf(object))])),
    write: async (objects) => {
      for (const [object, bytes] of objects) {
        writeFileSync(pathOf(object), bytes);
        written += bytes.length;
      }
    },
    written: () => written,
  };
}

/** The best of some rounds, in milliseconds: what else the machine does only ever adds. */
async function best(step: (round: number) => unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    await step(round);
    times.push(performance.now() - startedAt);
  }
  return Math.min(...times);
}

function run(command: string, args: readonly string[], env: Record<string, string> = {}): void {
  const { status, stderr } = spawnSync(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
}

const isInstalled = (command: string) => spawnSync(command, ['--version']).status === 0;

interface Row {
  readonly what: string;
  readonly ms: number;
  readonly bytes: number | null;
}

async function measureTar(top: string, name: string, options: readonly string[]): Promise<readonly [Row, Row]> {
  const archive = join(top, 'archive');
  const env = { ZSTD_CLEVEL: '1' };
  const ms = await best(() => run('tar', [...options, '-cf', archive, '-C', join(top, 'tree'), '.'], env));
  const extract = await best((round) => {
    const into = join(top, `tar-${name}-${round}`);
    mkdirSync(into);
    run('tar', [...options, '-xf', archive, '-C', into], env);
  });
  for (let round = 0; round < rounds; round += 1) rmSync(join(top, `tar-${name}-${round}`), { recursive: true });
  const bytes = statSync(archive).size;
  return [
    { what: `${name}: create`, ms, bytes },
    { what: `${name}: extract`, ms: extract, bytes: null },
  ];
}

async function measureWorkspace(top: string): Promise<readonly Row[]> {
  const root = join(top, 'tree');
  const directory = join(top, 'objects');
  mkdirSync(directory);
  const objects = directoryObjects(directory);
  const save = (base: Awaited<ReturnType<typeof saveWorkspace>>['base'] | null) =>
    saveWorkspace({ root, sessionId, base, objects, limits });

  const full = await best(() => save(null));
  const fullBytes = objects.written() / rounds;
  let saved = await save(null);
  const unchanged = await best(async () => {
    saved = await save(saved.base);
  });
  const before = objects.written();
  const changed = await best(async (round) => {
    writeFileSync(join(root, 'package-0', `new-${round}`), `text ${round}`);
    saved = await save(saved.base);
  });
  const changedBytes = (objects.written() - before) / rounds;
  const restored = await best(async (round) => {
    const into = join(top, `restored-${round}`);
    mkdirSync(into);
    await restoreWorkspace({ root: into, manifest: saved.manifest, objects, limits });
  });
  return [
    { what: 'workspace: first save', ms: full, bytes: fullBytes },
    { what: 'workspace: save, nothing changed', ms: unchanged, bytes: 0 },
    { what: 'workspace: save, one file added', ms: changed, bytes: changedBytes },
    { what: 'workspace: restore', ms: restored, bytes: null },
  ];
}

const top = mkdtempSync(join(options.folder, 'sandbus-bench-'));
try {
  mkdirSync(join(top, 'tree'));
  makeTree(join(top, 'tree'));
  const peers = [
    ...(await measureTar(top, 'tar+gzip', ['-z'])),
    ...(isInstalled('zstd') ? await measureTar(top, 'tar+zstd-1', ['--zstd']) : []),
  ];
  const scan = await best(() => run('find', [join(top, 'tree'), '-printf', '%s %T@ %C@ %i\n']));
  const rows = [...peers, { what: 'find: stat of all files', ms: scan, bytes: null }, ...(await measureWorkspace(top))];
  const [reference] = peers;
  for (const { what, ms, bytes } of rows) {
    const ratio = ((reference?.ms ?? Number.NaN) / ms).toFixed(2);
    const size = bytes === null ? '' : `${(bytes / 1e6).toFixed(2)} MB`;
    console.log(`${what.padEnd(34)} ${ms.toFixed(0).padStart(6)} ms  ${ratio.padStart(7)} x tar+gzip create  ${size}`);
  }
} finally {
  rmSync(top, { recursive: true });
}
