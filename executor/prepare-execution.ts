import { existsSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import type { Assignment } from '../execution/lease-protocol.ts';
import { type NetworkPolicy, readNetworkPolicy } from '../execution/network-policy.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { ExecRequest } from '../schemas/generated/messages.ts';
import { type RestoredSession, restoreSession } from './checkpoint.ts';
import type { LeaseObjects } from './lease-objects.ts';
import { proxyEnvironment } from './network/proxy-environment.ts';
import { absoluteCwd, readCommand, writeContent } from './resolve-request.ts';
import { emptyWorkspace, fillCommandFolders, type SessionFolders } from './session-folders.ts';
import { chooseShell } from './shell/choose-shell.ts';
import { commandOnlyEnv, reservedName } from './shell/command-only-env.ts';
import { type ShellInput, shellFiles } from './shell/shell-input.ts';
import { type ShellState, stateForWall } from './shell/shell-state.ts';
import { stageFiles } from './stage-files.ts';
import type { TmpRestorer } from './tmp/restore-tmp.ts';
import type { Standing, StandingRequest, StandingWall } from './walls/standing-wall.ts';
import type { RaisedWall, Wall } from './walls/wall.ts';

export interface PreparationContext {
  readonly wall: Wall;
  /** Put up once for all commands. */
  readonly standingWall: StandingWall;
  readonly folders: SessionFolders;
  readonly tmp: TmpRestorer;
}

/** Everything that a command needs to start. */
export interface PreparedCommand {
  readonly kind: 'ready';
  readonly session: RestoredSession;
  /** Proved to hold; and how to get another one like it. */
  readonly standing: Standing;
  readonly wanted: StandingRequest;
  /** How far the way out of the wall leads, where it has one. */
  readonly policy: NetworkPolicy;
  readonly shell: ShellInput;
  /** Values of secrets that are to be replaced in the output. */
  readonly maskedValues: readonly string[];
  readonly warnings: readonly string[];
}

/** The request asks for what this workspace does not allow; the command was not run, and stderr tells the user why. */
export interface UnrunnableCommand {
  readonly kind: 'unrunnable';
  readonly stderr: string;
}

/** Of a session whose other commands had a wall, or for which files were written. */
const notGiven = "without a wall /tmp is the machine's: what the session has there stays in its checkpoint";

/** Restores the session, writes the request's files and lays out how the shell starts. Rejects with a PipelineError. */
export async function prepareExecution(
  assignment: Assignment,
  request: ExecRequest,
  objects: LeaseObjects,
  context: PreparationContext,
): Promise<PreparedCommand | UnrunnableCommand> {
  const { wall, folders } = context;
  const { owner } = wall;
  const policy = networkOf(request, wall);
  await emptyWorkspace(folders, owner);
  const archive = join(folders.root, 'tmp-archive');
  const session = await restoreSession(assignment, { folder: folders.workspace, owner, objects }, archive);
  const place = { workspace: folders.workspace, scratch: folders.root, owner };
  const problem = await stageFiles(request.files ?? [], place, objects);
  if (problem !== null) return { kind: 'unrunnable', stderr: problem };

  // The proof uses the same folders, so it must be over.
  const withNetwork = policy.kind !== 'none';
  const wanted = { withNetwork, tmpMb: assignment.limits.tmpMb };
  const standing = await context.standingWall.get(wanted);
  const hasProxy = withNetwork && standing.proxy !== null;
  const shell = await shellInputOf(assignment, request, objects, session.state, context, hasProxy);
  await fillCommandFolders(folders, await shellFiles(shell), owner);
  await writeStdin(request, objects, folders);
  const tmpWarning = await context.tmp.fill(standing.raised, session.tmp.archive);
  return {
    kind: 'ready',
    session,
    standing,
    wanted,
    policy,
    shell,
    maskedValues: request.maskOutput === false ? [] : Object.values(secretsOf(assignment).values),
    warnings: [
      ...[...warningsOf(request, wall), ...openWarnings(wall, standing.raised)],
      ...(tmpWarning === null ? [] : [tmpWarning]),
      ...(wall.kind === 'none' && session.tmp.archive !== null ? [notGiven] : []),
    ],
  };
}

/** What the command may reach. Rejects what the wall cannot give or hold to. */
function networkOf({ network = 'none' }: ExecRequest, wall: Wall): NetworkPolicy {
  const read = readNetworkPolicy(network);
  if (!read.ok) throw new PipelineError('request/network-not-allowed', `network ${read.problem}`);
  if (read.policy.kind !== 'none' && wall.network === 'closed') {
    throw new PipelineError('request/network-unavailable', `the wall ${wall.kind} has no network to give`);
  }
  return read.policy;
}

/** Rejects where they were sealed to a key that has been taken away since the request was accepted. */
function secretsOf({ secretEnv }: Pick<Assignment, 'secretEnv'>) {
  if (secretEnv === undefined) return { values: {} };
  if (secretEnv.ok) return secretEnv;
  throw new PipelineError('request/secrets-unreadable', `secretEnv cannot be opened: ${secretEnv.problem}`);
}

async function shellInputOf(
  assignment: Assignment,
  request: ExecRequest,
  objects: LeaseObjects,
  state: ShellState | null,
  { wall, folders }: PreparationContext,
  hasProxy: boolean,
): Promise<ShellInput> {
  const { workspace } = wall.inside({ workspace: folders.workspace, input: '', output: '' });
  const { values: secrets } = secretsOf(assignment);
  return {
    kind: chooseShell(request.shell, wall.kind, () => existsSync('/bin/bash')),
    command: await readCommand(request, objects),
    state: state === null ? null : stateForWall(state, workspace),
    env: {
      ...(hasProxy && proxyEnvironment()),
      ...commandOnlyEnv(request, wall, workspace),
      ...commandOnlyEnv({ env: secrets }, wall, workspace),
    },
    cwd: request.cwd === undefined ? null : absoluteCwd(request.cwd, workspace),
    limits: { ...assignment.limits, pids: wall.countsOwnProcesses ? assignment.limits.pids : null },
  };
}

/**
 * Input comes from a file and not through a pipe: nothing has to be written while the command runs. Its mode lets the
 * command open it again through /dev/stdin.
 */
async function writeStdin(request: ExecRequest, objects: LeaseObjects, { input }: SessionFolders): Promise<void> {
  if (request.stdin === undefined) return;
  const path = join(input, 'stdin');
  await writeContent(request.stdin, path, objects);
  await chmod(path, 0o444);
}

/** So that a result tells how far its wall went. */
const openWarnings = (wall: Wall, raised: RaisedWall): string[] =>
  raised.leavesOpen().map((what) => `the wall ${wall.kind} leaves open: ${what}`);

function warningsOf({ env = {}, secretEnv, network = 'none' }: ExecRequest, wall: Wall): string[] {
  const reserved = [...Object.keys(env), ...(secretEnv?.names ?? [])].filter(reservedName);
  return [
    ...reserved.map((name) => `the variable ${name} was not set: names with this beginning are sandbus's own`),
    ...(wall.kind === 'none' ? ['no wall is in force: the command runs as the executor itself'] : []),
    ...(wall.network === 'of-the-machine' && network !== 'internet'
      ? ['without a wall the network is not closed']
      : []),
  ];
}
