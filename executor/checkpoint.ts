import type { Assignment } from '../execution/lease-protocol.ts';
import { objectNames } from '../execution/object-names.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { CheckpointRef, FilesChanged, ObjectRef } from '../schemas/generated/messages.ts';
import { restoreWorkspace } from '../workspace/restore-workspace.ts';
import { saveWorkspace } from '../workspace/save-workspace.ts';
import type { WorkspaceBase } from '../workspace/workspace-base.ts';
import type { WorkspaceLimits } from '../workspace/workspace-limits.ts';
import { readVerified, type WorkspaceObjects } from '../workspace/workspace-objects.ts';
import { sha256Of } from './resolve-request.ts';
import { decodeShellState, encodeShellState, type ShellState } from './shell/shell-state.ts';
import { type FetchedTmp, fetchTmp } from './tmp/fetch-tmp.ts';
import type { FileOwner } from './walls/wall.ts';

/** A session as it was restored. */
export interface RestoredSession {
  readonly checkpoint: CheckpointRef | null;
  /** Null before any command left one. */
  readonly state: ShellState | null;
  readonly base: WorkspaceBase;
  readonly tmp: FetchedTmp;
}

export interface WorkspacePlace {
  readonly folder: string;
  readonly owner: FileOwner | null;
  readonly objects: WorkspaceObjects;
}

const limitsOf = ({ limits }: Assignment): WorkspaceLimits => ({
  bytes: limits.workspaceMb * 1024 * 1024,
  entries: limits.workspaceFiles,
});

/**
 * Fills the empty workspace folder, and has an archive made of what /tmp is to have. Rejects with a PipelineError, `workspace/restore-failed` when the checkpoint is damaged;
 * the folder is then to be thrown away.
 */
export async function restoreSession(
  assignment: Assignment,
  place: WorkspacePlace,
  tmpArchive: string,
): Promise<RestoredSession> {
  try {
    const manifest = assignment.checkpoint?.tmp ?? null;
    const fetching = fetchTmp(manifest, tmpArchive, place.objects);
    const [restored, tmp] = await Promise.all([restore(assignment, place), fetching]);
    return { ...restored, tmp };
  } catch (error) {
    throw isDamage(error) ? restoreFailed(assignment, error) : error;
  }
}

const isDamage = (error: unknown): error is PipelineError =>
  error instanceof PipelineError && error.code === 'workspace/corrupt';

function restoreFailed({ checkpoint }: Assignment, cause: PipelineError): PipelineError {
  const what = `checkpoint ${checkpoint?.number} of the session cannot be restored: ${cause.message}`;
  return new PipelineError('workspace/restore-failed', what, { cause });
}

async function restore(assignment: Assignment, place: WorkspacePlace): Promise<Omit<RestoredSession, 'tmp'>> {
  const { checkpoint } = assignment;
  const { folder, owner, objects } = place;
  const stateRead = readState(checkpoint?.state ?? null, objects);
  stateRead.catch(() => {}); // awaited below, unless the restore fails first
  const base = await restoreWorkspace({
    root: folder,
    manifest: checkpoint?.manifest ?? null,
    objects,
    limits: limitsOf(assignment),
    ...(owner !== null && { owner }),
  });
  const state = await stateRead;
  return { checkpoint, state, base };
}

async function readState(ref: ObjectRef | null, objects: WorkspaceObjects): Promise<ShellState | null> {
  if (ref === null) return null;
  const [bytes] = await readVerified(objects, [ref]);
  return bytes === undefined ? null : decodeShellState(bytes);
}

export interface SavedSession {
  readonly checkpoint: CheckpointRef;
  readonly filesChanged: FilesChanged;
  /** What could not be kept, each with its reason. */
  readonly skipped: readonly string[];
  /** What `.sandbusignore` leaves out, in short. */
  readonly ignored: string | null;
}

/**
 * Stores what the command left. `state` null means that the previous shell state stays. Rejects with a PipelineError;
 * then nothing of the command is kept, and the session goes on from the checkpoint before it.
 */
export async function saveSession(
  assignment: Assignment,
  place: WorkspacePlace,
  before: RestoredSession,
  state: ShellState | null,
  tmp: Promise<ObjectRef | null>,
): Promise<SavedSession> {
  const { sessionId, nextCheckpoint } = assignment;
  const [workspace, stateRef, tmpRef] = await Promise.all([
    saveWorkspace({
      root: place.folder,
      sessionId,
      base: before.base,
      objects: place.objects,
      limits: limitsOf(assignment),
    }),
    storeState(state, before.checkpoint?.state ?? null, sessionId, place.objects),
    tmp,
  ]);
  return {
    checkpoint: {
      number: nextCheckpoint,
      parent: before.checkpoint?.number ?? null,
      manifest: workspace.manifest,
      state: stateRef,
      ...(tmpRef !== null && { tmp: tmpRef }),
      entries: workspace.entries,
      workspaceBytes: workspace.workspaceBytes,
    },
    filesChanged: workspace.filesChanged,
    skipped: workspace.skipped,
    ignored: workspace.ignored,
  };
}

async function storeState(
  state: ShellState | null,
  previous: ObjectRef | null,
  sessionId: string,
  objects: WorkspaceObjects,
): Promise<ObjectRef | null> {
  if (state === null) return previous;
  const bytes = encodeShellState(state);
  const sha256 = sha256Of(bytes);
  if (previous?.sha256 === sha256) return previous;
  const ref = { object: objectNames.shellState(sessionId, sha256), bytes: bytes.length, sha256 };
  await objects.write(new Map([[ref.object, bytes]]));
  return ref;
}
