import fc from 'fast-check';

/** What one line of a script does. What can't be done where it comes is left out by the shell. */
export type Operation =
  | {
      readonly kind: 'write' | 'append' | 'replace';
      readonly path: string;
      readonly pad: number;
      readonly text: string;
    }
  | { readonly kind: 'edit' | 'disguised-edit'; readonly path: string; readonly text: string }
  | { readonly kind: 'edit-at'; readonly path: string; readonly offset: number; readonly text: string }
  | { readonly kind: 'truncate'; readonly path: string; readonly size: number }
  | { readonly kind: 'move' | 'hard-link'; readonly path: string; readonly to: string }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string }
  | { readonly kind: 'chmod'; readonly path: string; readonly mode: number }
  | { readonly kind: 'touch'; readonly path: string; readonly time: string }
  | { readonly kind: 'make-directory' | 'remove-directory' | 'remove' | 'make-fifo'; readonly path: string };

/** What one command after the other does to a workspace, and before which of them it moves to another container. */
export interface Sequence {
  readonly rounds: readonly { readonly operations: readonly Operation[]; readonly moves: boolean }[];
}

/** One character per byte. Few, so that operations meet; some sort around '/', are not UTF-8, or look like something else. */
const name = fc.constantFrom(
  'a',
  'a.b',
  'a-',
  'b',
  'B',
  '...',
  ' ',
  '\xc3\xa9',
  '\xff\xfe',
  'new\nline',
  '-rf',
  '*',
  "'",
);
const path = fc.oneof(
  { weight: 3, arbitrary: name },
  { weight: 2, arbitrary: fc.array(name, { minLength: 2, maxLength: 3 }).map((names) => names.join('/')) },
  { weight: 1, arbitrary: fc.constantFrom('x'.repeat(255), `${'y'.repeat(200)}/${'z'.repeat(200)}`) },
);
const text = fc.oneof(
  fc.constantFrom('', 'same'),
  fc.string({ unit: fc.nat(255).map((byte) => String.fromCharCode(byte)), maxLength: 20 }),
);
/** Some are large enough to have holes, one larger than a chunk. */
const pad = fc.oneof(
  { weight: 5, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.constantFrom(1, 4096, 70_000, 300_000) },
);
const size = fc.oneof(
  { weight: 4, arbitrary: fc.nat(5000) },
  { weight: 2, arbitrary: fc.constantFrom(65_536, 131_072, 1_000_000) },
  { weight: 1, arbitrary: fc.constantFrom(9 * 1024 * 1024, 8 * 1024 * 1024 + 1) },
);
const target = fc.oneof(path, fc.constantFrom('/etc/passwd', '..', '../../..', '\xff', '.'));
/** What a plain user could not read or enter, a plain user can't save. */
const mode = fc.nat(0o7777).map((bits) => bits | 0o700);
const time = fc.constantFrom('@0', '@1.5', '@-1000000000.25', '@4000000000.123456', '@1600000000.999999');

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('write', 'append', 'replace'), path, pad, text }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('edit', 'disguised-edit'), path, text }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('edit-at'), path, offset: size, text }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('truncate'), path, size }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('move', 'hard-link'), path, to: path }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('symlink'), path, target }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('chmod'), path, mode }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('touch'), path, time }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('make-directory', 'make-directory', 'remove-directory', 'remove', 'make-fifo'),
      path,
    }),
  },
);

export const sequence: fc.Arbitrary<Sequence> = fc.record({
  rounds: fc.array(
    fc.record({
      operations: fc.array(operation, { minLength: 1, maxLength: 8 }),
      moves: fc.integer({ min: 0, max: 3 }).map((value) => value === 0),
    }),
    { minLength: 2, maxLength: 4 },
  ),
});
