import type { FileInfo, Sandbus, SessionFiles } from '../client/index.ts';
import { assertNever } from '../execution/assert-never.ts';
import { exitCodes } from './exit-code.ts';
import { misused, type OptionSpecs, type Parsed, parsed, parseOptions, sharedOptions } from './parse-options.ts';
import { renderTable } from './render-table.ts';
import { renderTime } from './render-time.ts';
import type { Terminal } from './terminal.ts';

const specs = {
  ...sharedOptions,
  recursive: { kind: 'flag', short: 'r' },
  force: { kind: 'flag', short: 'f' },
  overwrite: { kind: 'flag' },
  glob: { kind: 'text' },
  mode: { kind: 'text' },
  tenant: { kind: 'text' },
} as const satisfies OptionSpecs;

type Verb = 'ls' | 'get' | 'put' | 'rm' | 'mkdir' | 'mv' | 'stat';

/** Words that each verb takes after the session, and which of its options it knows. */
const verbs: Readonly<
  Record<Verb, { readonly words: readonly [number, number]; readonly options: readonly string[] }>
> = {
  ls: { words: [0, 1], options: ['recursive', 'glob'] },
  get: { words: [1, 1], options: [] },
  put: { words: [1, 2], options: ['mode', 'tenant'] },
  rm: { words: [1, 1], options: ['recursive', 'force', 'tenant'] },
  mkdir: { words: [1, 1], options: ['tenant'] },
  mv: { words: [2, 2], options: ['overwrite', 'tenant'] },
  stat: { words: [1, 1], options: [] },
};

export interface FilesCall {
  readonly json: boolean;
  readonly verb: Verb;
  readonly sessionId: string;
  readonly paths: readonly string[];
  readonly recursive: boolean;
  readonly force: boolean;
  readonly overwrite: boolean;
  readonly glob: string | null;
  readonly mode: number | null;
  readonly tenant: string | null;
}

/** Reads the arguments of `sandbus files`; `null` asks for help. */
export function parseFiles(args: readonly string[]): Parsed<FilesCall | null> {
  const read = parseOptions(args, specs);
  if (!read.ok) return read;
  const { values, words, rest } = read.value;
  if (values.help) return parsed(null);
  const [verb, sessionId, ...paths] = [...words, ...rest];
  if (verb === undefined || !isVerb(verb)) {
    return misused(`files has no ${JSON.stringify(verb ?? '')}: it has ${Object.keys(verbs).join(', ')}`);
  }
  if (sessionId === undefined) return misused(`files ${verb} needs the id of a session`);
  const { words: bounds, options } = verbs[verb];
  if (paths.length < bounds[0]) return misused(`files ${verb} needs ${bounds[0] === 2 ? 'two paths' : 'a path'}`);
  if (paths.length > bounds[1]) return misused(`${JSON.stringify(paths[bounds[1]])} is one argument too many`);
  const { json, recursive, force, overwrite, glob, mode: modeText, tenant } = values;
  const given = Object.entries({ recursive, force, overwrite, glob, mode: modeText, tenant });
  const odd = given.find(([name, value]) => value !== false && value !== null && !options.includes(name));
  if (odd !== undefined) return misused(`--${odd[0]} is not for files ${verb}`);
  if (modeText !== null && !/^[0-7]{3,4}$/.test(modeText)) return misused('--mode must be 3 or 4 octal digits');
  const mode = modeText === null ? null : Number.parseInt(modeText, 8);
  return parsed({ json, verb, sessionId, paths, recursive, force, overwrite, glob, mode, tenant });
}

const isVerb = (verb: string): verb is Verb => Object.hasOwn(verbs, verb);

export async function runFiles(call: FilesCall, terminal: Terminal, sandbus: Sandbus): Promise<number> {
  const { verb, paths, recursive, force, overwrite } = call;
  const { files } = sandbus.session(call.sessionId);
  const [path = '.', second] = paths;
  const whose = call.tenant === null ? {} : { tenantId: call.tenant };
  const tell = (value: object, text: string) =>
    terminal.write('stdout', call.json ? `${JSON.stringify(value)}\n` : text);
  switch (verb) {
    case 'ls': {
      const found = await files.list(path, { recursive, ...(call.glob !== null && { glob: call.glob }) });
      await tell({ files: found.map(toJson) }, renderFiles(found, terminal.columns));
      return exitCodes.ok;
    }
    case 'get':
      await get(files, path, call.json, terminal);
      return exitCodes.ok;
    case 'put': {
      const bytes = await (second === undefined || second === '-' ? terminal.readStdin() : terminal.readFile(second));
      await files.write(path, bytes, { ...whose, ...(call.mode !== null && { mode: call.mode }) });
      await tell({ path, bytes: bytes.length }, `${path}: ${bytes.length} bytes\n`);
      return exitCodes.ok;
    }
    case 'rm':
      await files.remove(path, { ...whose, recursive, force });
      await tell({ path, removed: true }, `${path}: removed\n`);
      return exitCodes.ok;
    case 'mkdir':
      await files.makeDir(path, whose);
      await tell({ path }, `${path}: made\n`);
      return exitCodes.ok;
    case 'mv':
      await files.move(path, second ?? '', { ...whose, overwrite });
      await tell({ path, to: second }, `${path}: now ${second}\n`);
      return exitCodes.ok;
    case 'stat': {
      const found = await files.stat(path);
      await tell({ file: toJson(found) }, renderFiles([found], terminal.columns));
      return exitCodes.ok;
    }
    default:
      return assertNever(verb);
  }
}

/** The bytes as they are; in JSON as base64. */
async function get(files: SessionFiles, path: string, json: boolean, terminal: Terminal): Promise<void> {
  if (json) {
    const content = Buffer.from(await files.read(path));
    await terminal.write('stdout', `${JSON.stringify({ path, base64: content.toString('base64') })}\n`);
    return;
  }
  for await (const piece of files.readStream(path)) await terminal.write('stdout', piece);
}

const toJson = ({ pathBytes: _, ...file }: FileInfo) => file;

const kindLetters: Readonly<Record<FileInfo['kind'], string>> = { file: '-', directory: 'd', symlink: 'l', other: '?' };

function renderFiles(found: readonly FileInfo[], columns: number | null): string {
  if (found.length === 0) return '';
  const rows = found.map(({ kind, mode, size, modifiedAt, path, target }) => [
    `${kindLetters[kind]}${mode.toString(8).padStart(4, '0')}`,
    String(size),
    renderTime(modifiedAt),
    target === null ? path : `${path} -> ${target}`,
  ]);
  const header = [
    { title: 'MODE' },
    { title: 'BYTES', align: 'right' },
    { title: 'CHANGED' },
    { title: 'PATH', shrinks: true },
  ] as const;
  return renderTable(header, rows, columns);
}
