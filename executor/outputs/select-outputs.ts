import type { MissedOutput } from '../../schemas/generated/messages.ts';
import type { BytePath } from '../../workspace/byte-path.ts';
import { filePathOf } from '../../workspace/files/file-path.ts';

/** What one execution may have collected. The lists stand in its record, which holds 1 MiB with everything else. */
export interface OutputLimits {
  readonly files: number;
  /** Of one file. */
  readonly fileBytes: number;
  /** Of all files together, each name counted. */
  readonly totalBytes: number;
  /** Of one path below the workspace, and of all of them together. */
  readonly pathBytes: number;
  readonly totalPathBytes: number;
  /** How many of the missed ones are named. */
  readonly missed: number;
}

export const outputLimits: OutputLimits = {
  files: 256,
  fileBytes: 256 * 1024 * 1024,
  totalBytes: 1024 * 1024 * 1024,
  pathBytes: 1024,
  totalPathBytes: 64 * 1024,
  missed: 32,
};

export interface MatchedFile {
  readonly path: BytePath;
  /** Whether it is a regular file; links are none, wherever they lead. */
  readonly isFile: boolean;
  readonly bytes: number;
}

/** What was chosen of what matched so far, and what was not. */
export interface OutputSelection {
  readonly chosen: readonly MatchedFile[];
  readonly missed: readonly MissedOutput[];
  readonly more: number;
  readonly totalBytes: number;
  readonly totalPathBytes: number;
}

export const nothingSelected: OutputSelection = { chosen: [], missed: [], more: 0, totalBytes: 0, totalPathBytes: 0 };

/** Takes a file in the order of the walk, or says why not. What a file cannot have is left for later and smaller ones. */
export function selectOutput(
  selection: OutputSelection,
  file: MatchedFile,
  limits: OutputLimits = outputLimits,
): OutputSelection {
  const reason = reasonAgainst(selection, file, limits);
  if (reason !== null) return missOutput(selection, file, reason, limits);
  return {
    ...selection,
    chosen: [...selection.chosen, file],
    totalBytes: selection.totalBytes + file.bytes,
    totalPathBytes: selection.totalPathBytes + file.path.length,
  };
}

export function missOutput(
  selection: OutputSelection,
  { path, isFile, bytes }: MatchedFile,
  reason: MissedOutput['reason'],
  limits: OutputLimits = outputLimits,
): OutputSelection {
  const isNamed = selection.missed.length < limits.missed && path.length <= limits.pathBytes;
  if (!isNamed) return { ...selection, more: selection.more + 1 };
  return { ...selection, missed: [...selection.missed, { path: filePathOf(path), ...(isFile && { bytes }), reason }] };
}

function reasonAgainst(
  { chosen, totalBytes, totalPathBytes }: OutputSelection,
  { path, isFile, bytes }: MatchedFile,
  limits: OutputLimits,
): MissedOutput['reason'] | null {
  if (!isFile) return 'no-file';
  if (path.length > limits.pathBytes) return 'path-too-long';
  if (bytes > limits.fileBytes) return 'too-large';
  if (chosen.length >= limits.files || totalPathBytes + path.length > limits.totalPathBytes) return 'too-many';
  return totalBytes + bytes > limits.totalBytes ? 'total-too-large' : null;
}
