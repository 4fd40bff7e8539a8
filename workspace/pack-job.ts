import type { ErrorCode } from '../execution/error-codes.ts';
import type { BytePath } from './byte-path.ts';
import type { FileStat, Piece } from './write-pack.ts';

/*
 * What a restore and its threads say to each other. Pieces and stats travel as columns: copying a message of thousands of
 * objects from one thread to another takes longer than writing the files that they are about.
 */

/** One pack to decompress, prove and write. */
export interface PackJob {
  readonly what: string;
  readonly packed: Uint8Array;
  readonly rawBytes: number;
  readonly pieces: PieceColumns;
}

/** Errors lose their class and their code on the way between threads. */
export type PackReply =
  /** As `statsOf` reads them, in the order of the pieces. */
  | { readonly ok: true; readonly stats: BigInt64Array }
  | {
      readonly ok: false;
      readonly message: string;
      readonly code: ErrorCode | null;
      readonly systemCode: string | null;
    };

export interface PieceColumns {
  readonly paths: readonly BytePath[];
  readonly hashes: readonly string[];
  /** `numbersPerPiece` for each piece. */
  readonly numbers: Float64Array<ArrayBuffer>;
}

const numbersPerPiece = 8;
const statFields = 5;

export function encodePieces(pieces: readonly Piece[]): PieceColumns {
  const numbers = new Float64Array(pieces.length * numbersPerPiece);
  pieces.forEach(({ file, isWhole, offset, bytes, position }, i) => {
    const { mode, mtimeUs, size, sparse } = file;
    numbers.set(
      [mode, Number(mtimeUs), size, Number(sparse), Number(isWhole), offset, bytes, position],
      i * numbersPerPiece,
    );
  });
  return { paths: pieces.map(({ file }) => file.path), hashes: pieces.map(({ sha256 }) => sha256), numbers };
}

export function* decodePieces({ paths, hashes, numbers }: PieceColumns): Generator<Piece, void> {
  for (const [i, path] of paths.entries()) {
    const at = (field: number) => numbers[i * numbersPerPiece + field] ?? 0;
    yield {
      file: { path, mode: at(0), mtimeUs: at(1), size: at(2), sparse: at(3) === 1 },
      isWhole: at(4) === 1,
      offset: at(5),
      bytes: at(6),
      position: at(7),
      sha256: hashes[i] ?? '',
    };
  }
}

/** Nothing is told of a piece that is not a whole file. */
export function encodeStats(stats: readonly (FileStat | null)[]): BigInt64Array {
  const fields = new BigInt64Array(stats.length * statFields);
  stats.forEach((stat, i) => {
    if (stat === null) return;
    fields.set([stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs], i * statFields);
  });
  return fields;
}

export function decodeStat(fields: BigInt64Array, piece: number): FileStat {
  const at = (field: number) => fields[piece * statFields + field] ?? 0n;
  return { dev: at(0), ino: at(1), size: at(2), mtimeNs: at(3), ctimeNs: at(4) };
}
