import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import fc from 'fast-check';

/** One change to a tree. What can't be done where it comes (a file below a file) is left out. */
export type Edit =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly content: Uint8Array;
      readonly mode: number;
      readonly time: number;
    }
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number; readonly time: number }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string; readonly time: number }
  | { readonly kind: 'hard-link'; readonly path: string; readonly target: string }
  | { readonly kind: 'remove'; readonly path: string };

/** Names that sort around '/', are not UTF-8, or look like something else. */
const name = fc.constantFrom(
  'a',
  'a.b',
  'a-',
  'b',
  'B',
  '...',
  ' ',
  'é',
  '\xff\xfe',
  'new\nline',
  '-rf',
  '*',
  'x'.repeat(255),
);
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
const time = fc.integer({ min: -2_000_000_000_000_000, max: 4_000_000_000_000_000 });
const content = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.constantFrom(Buffer.from('same'), Buffer.alloc(5000, 'a')),
);
const target = fc.oneof(path, fc.constantFrom('/etc/passwd', '..', '../../..', '\xff', '.'));
// What a plain user could not read or enter, a plain user can't save.
const fileMode = fc.nat(0o7777).map((mode) => mode | 0o400);
const directoryMode = fc.nat(0o7777).map((mode) => mode | 0o700);

export const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('file' as const), path, content, mode: fileMode, time }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('directory' as const), path, mode: directoryMode, time }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('symlink' as const), path, target, time }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hard-link' as const), path, target: path }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), path }) },
);

export function applyEdits(root: string, edits: readonly Edit[]): void {
  for (const next of edits) {
    try {
      if (makeParents(root, next.path)) applyEdit(root, next);
    } catch (error) {
      if (!impossible.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}

const impossible = new Set(['EEXIST', 'EISDIR', 'ELOOP', 'ENOENT', 'ENOTDIR', 'EPERM']);
/** Never through a link: it may lead out of the tree. */
const writeFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;

function applyEdit(root: string, next: Edit): void {
  const at = bytesOf(`${root}/${next.path}`);
  if (next.kind === 'file') writeFile(at, next);
  if (next.kind === 'directory') {
    mkdirSync(at);
    chmodSync(at, next.mode);
  }
  if (next.kind === 'symlink') symlinkSync(bytesOf(next.target), at);
  if (next.kind === 'hard-link' && makeParents(root, next.target)) linkSync(bytesOf(`${root}/${next.target}`), at);
  if (next.kind === 'remove') rmSync(at, { recursive: true });
  if ('time' in next) lutimesSync(at, seconds(next.time), seconds(next.time));
}

function writeFile(at: Buffer, file: Extract<Edit, { readonly kind: 'file' }>): void {
  // A plain user cannot open a file of their own again that is read-only; its mode is set anew below.
  if (lstatSync(at, { throwIfNoEntry: false })?.isFile()) chmodSync(at, 0o600);
  const fd = openSync(at, writeFlags, 0o600);
  writeSync(fd, file.content);
  fchmodSync(fd, file.mode);
  closeSync(fd);
}

/** Whether all that is above a path are directories, which are made where there is nothing. */
function makeParents(root: string, path: string): boolean {
  const names = path.split('/').slice(0, -1);
  return names.every((_, i) => {
    const parent = bytesOf(`${root}/${names.slice(0, i + 1).join('/')}`);
    if (lstatSync(parent, { throwIfNoEntry: false }) === undefined) mkdirSync(parent);
    return lstatSync(parent).isDirectory();
  });
}

const bytesOf = (path: string) => Buffer.from(path, 'latin1');

/** In the middle of the microsecond; as text, because Node refuses negative numbers. */
const seconds = (time: number) => String((time + 0.5) / 1e6);
