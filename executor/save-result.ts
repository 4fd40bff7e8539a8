import { PipelineError } from '../execution/pipeline-error.ts';
import type { ExecRequest, NewState } from '../schemas/generated/messages.ts';
import { type RestoredSession, type SavedSession, saveSession } from './checkpoint.ts';
import type { ExecutionRun, ExecutorContext } from './executor-context.ts';
import type { LeaseObjects } from './lease-objects.ts';
import type { PreparedCommand } from './prepare-execution.ts';
import type { CommandResult } from './run-command.ts';
import { envDelta } from './shell/env-delta.ts';
import { nextShState } from './shell/sh-state.ts';
import { baseEnvironment } from './shell/shell-input.ts';
import { nextShellState, type ShellState, stateForStore } from './shell/shell-state.ts';
import { withinShutdown } from './shutdown.ts';
import { type SavedTmp, saveTmp } from './tmp/save-tmp.ts';
import type { RaisedWall } from './walls/wall.ts';

export interface FinishedCommand {
  readonly run: ExecutionRun;
  readonly request: ExecRequest;
  readonly prepared: PreparedCommand;
  readonly result: CommandResult;
  /** What it ran behind. */
  readonly raised: RaisedWall;
  readonly objects: LeaseObjects;
  readonly context: ExecutorContext;
}

export interface SavedResult {
  readonly newState: NewState;
  readonly stateCaptured: boolean;
  readonly warnings: readonly string[];
  /** What was seen of the limits of the workspace. */
  readonly hints: readonly string[];
}

/**
 * Stores what the command left. It is all or nothing: when the workspace cannot be stored, the shell's state is not kept
 * either, and the session goes on from the checkpoint before the command.
 */
export async function saveResult(finished: FinishedCommand): Promise<SavedResult> {
  const { run, prepared, objects, context } = finished;
  const state = stateLeft(finished);
  const place = { folder: context.folders.workspace, owner: context.wall.owner, objects };
  const savingTmp = tmpLeft(finished);
  try {
    const savedTmp = savingTmp.then(({ ref }) => ref);
    const saving = saveSession(run.assignment, place, prepared.session, state, savedTmp);
    const saved = await withinShutdown(saving, run.shutdown);
    const { newState, omitted } = describeState(prepared.session, state, saved);
    return {
      newState,
      stateCaptured: state !== null,
      warnings: [
        ...(omitted > 0 ? [`${omitted} changed variables are not listed here; the session has them`] : []),
        ...saved.skipped.map((skipped) => `not kept: ${skipped}`),
        ...(await savingTmp).warnings,
        ...(saved.ignored === null ? [] : [`not kept, as .sandbusignore says: ${saved.ignored}`]),
        ...(state === null ? ['the shell left no state, as after a SIGKILL or exec; the previous one stays'] : []),
      ],
      hints: [],
    };
  } catch (error) {
    const { code, message } = PipelineError.from(error, 'executor/failed');
    const warning = `nothing of this command was kept, the session goes on from before it: ${message}`;
    const hints = code === 'workspace/too-large' ? [`disk-full: ${message}`] : [];
    return { newState: null, stateCaptured: false, warnings: [warning], hints };
  }
}

/** What the command left in /tmp. Without a wall that is the machine's own, and none of the session's. */
async function tmpLeft({ run, prepared, raised, objects, context }: FinishedCommand): Promise<SavedTmp> {
  const { sessionId, limits } = run.assignment;
  const { base } = prepared.session.tmp;
  if (context.wall.kind === 'none') return { ref: base.manifest, warnings: [] };
  return await saveTmp({ raised, pipes: context.folders.pipes, objects, sessionId, limits }, base);
}

/** The session's shell state after the command, as it is stored; null when the shell left none. */
function stateLeft({ prepared, result, context }: FinishedCommand): ShellState | null {
  if (result.state === null) return null;
  const { shell } = prepared;
  const { workspace } = context.wall.inside(context.folders);
  const given = { envNames: new Set(Object.keys(shell.env)), hasCwd: shell.cwd !== null };
  const start = { home: workspace, env: startEnv() };
  const next = shell.kind === 'sh' ? nextShState : nextShellState;
  return stateForStore(next(result.state, shell.state, given, start), workspace);
}

const canonical = { workspace: '/workspace', input: '', output: '' };

/** What a session exports before its first command. */
const startEnv = (): ReadonlyMap<string, Buffer> =>
  new Map(Object.entries(baseEnvironment(canonical)).map(([name, value]) => [name, Buffer.from(value)]));

function describeState({ state: before }: RestoredSession, state: ShellState | null, saved: SavedSession) {
  const current = state ?? before;
  const envBefore = before?.env ?? startEnv();
  const { delta, omitted } = envDelta(envBefore, current?.env ?? envBefore);
  const newState: NewState = {
    cwd: current?.cwd.toString() ?? canonical.workspace,
    ...(current !== null && { umask: current.umask }),
    env: delta,
    services: [],
    checkpoint: saved.checkpoint,
    filesChanged: saved.filesChanged,
  };
  return { newState, omitted };
}
