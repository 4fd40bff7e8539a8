import { accessSync, constants, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { PipelineError } from '../../execution/pipeline-error.ts';
import type { ListeningPort } from '../../schemas/generated/messages.ts';
import { type StartedProcess, startProcess } from '../start-process.ts';
import { agentPatienceMs } from './agent.ts';
import { becomeUser, setpriv, startCommand } from './become-user.ts';
import { clearUser, killUser } from './clear-user.ts';
import { allOpen, type ClosedDoors, closeDoors, findDoors, workspaceInside } from './closed-doors.ts';
import { copyPrograms } from './copy-programs.ts';
import { encodeLaunch } from './encode-launch.ts';
import { listeningAround } from './listening-ports.ts';
import { proveByUser } from './prove-by-user.ts';
import { terminateGently } from './terminate-gently.ts';
import { livingProcessesOf, strangers } from './user-processes.ts';
import type { CommandEnd, FileOwner, RaisedWall, RunningCommand, RunSpec, Wall, WallFolders } from './wall.ts';

/**
 * The container that a launcher started for this executor alone is the outer wall; inside it commands run as a user of
 * their own, without capabilities and any way to gain some, and without the system calls that no command needs. The executor
 * must be root there: it is what they are kept from. Where the machine lets them, they also have a network, mounts and IPC of
 * their own.
 */
export function createContainerWall(owner: FileOwner | null): Wall {
  let found: ClosedDoors | null = null;
  const doors = () => {
    found ??= owner === null ? allOpen : findDoors(owner);
    return found;
  };
  return {
    kind: 'container',
    owner,
    countsOwnProcesses: true,
    isConfinable: true,
    network: 'closed',
    inside: (folders) =>
      doors().hasNamespaces && existsSync(workspaceInside) ? { ...folders, workspace: workspaceInside } : folders,
    raise: async ({ folders }) => {
      if (owner === null)
        throw new PipelineError('wall/unavailable', 'the wall container needs an executor that is root');
      assertPossible(owner);
      await copyPrograms(folders.configuration);
      return new ContainerWall(owner, folders, doors());
    },
  };
}

/** On a machine with other processes this wall would be none: their files and sockets are not closed. */
function assertPossible(owner: FileOwner): void {
  try {
    accessSync(setpriv, constants.X_OK);
  } catch (error) {
    throw new PipelineError('wall/unavailable', `the wall container needs ${setpriv} (util-linux)`, { cause: error });
  }
  const [other, ...more] = strangers(process.pid, owner.uid);
  if (other !== undefined) {
    const others = more.length === 0 ? '' : ` and ${more.length} more`;
    throw new PipelineError(
      'wall/unavailable',
      `this is no container of this executor alone: it has the process ${other.pid} (${other.name})${others}`,
    );
  }
  const left = livingProcessesOf(owner.uid);
  if (left.length > 0) {
    throw new PipelineError('wall/unavailable', `${left.length} processes of a command before could not be removed`);
  }
}

class ContainerWall implements RaisedWall {
  readonly #owner: FileOwner;
  readonly #folders: WallFolders;
  readonly #doors: ClosedDoors;
  #leavesOpen: readonly string[] = [];
  #running: RunningCommand | null = null;
  #hasFallen = false;

  constructor(owner: FileOwner, folders: WallFolders, doors: ClosedDoors) {
    this.#owner = owner;
    this.#folders = folders;
    this.#doors = doors;
  }

  async run(spec: RunSpec): Promise<RunningCommand> {
    if (this.#running !== null) throw new Error('a command runs behind this wall already');
    if (this.#hasFallen) throw new PipelineError('wall/unavailable', 'the wall has fallen');
    let shell: StartedProcess | null = null;
    try {
      writeFileSync(join(this.#folders.input, 'launch'), encodeLaunch(spec), { mode: 0o644 });
      shell = await startShell(this.#owner, this.#folders, this.#doors);
      const said = firstLine(shell);
      spec.confine?.(shell.pid);
      const gate = shell.pipe(0);
      gate.on('error', () => {}); // what it says tells why
      gate.end('go\n');
      const line = await said;
      if (!/^started\b/.test(line)) throw new Error(`the command was not started: ${line.replace(/^refused /, '')}`);
    } catch (error) {
      shell?.kill('SIGKILL');
      await shell?.ended;
      await this.#clear();
      throw PipelineError.from(error, 'wall/unavailable');
    }
    this.#running = this.#watch(shell);
    return this.#running;
  }

  async prove(): Promise<void> {
    const found = await proveByUser(this, {
      kind: 'container',
      pipes: this.#folders.pipes,
      program: join(this.#folders.configuration, 'prove-by-user.bash'),
      network: 'told',
    });
    this.#leavesOpen = this.#doors.hasFilter ? found : [...found, 'system calls that no command needs'];
  }

  leavesOpen(): readonly string[] {
    return this.#leavesOpen;
  }

  hasFallen(): boolean {
    return this.#hasFallen;
  }

  async close(): Promise<void> {
    this.#hasFallen = true;
    this.#running?.kill();
    await this.#running?.ended;
    await this.#clear();
  }

  #watch(shell: StartedProcess): RunningCommand {
    const { uid } = this.#owner;
    let isOver = false;
    let listening: readonly ListeningPort[] | null = null;
    const ended = shell.ended.then(async (end): Promise<CommandEnd> => {
      if (this.#doors.hasNamespaces) {
        const [survivor] = livingProcessesOf(uid);
        listening = survivor === undefined ? [] : listeningAround(survivor.pid);
      }
      await this.#clear();
      isOver = true;
      this.#running = null;
      return end;
    });
    const kill = () => {
      if (!isOver) killUser(uid);
    };
    return {
      ended,
      processes: () => (isOver ? [] : shellFirst(shell.pid, uid)),
      listening: () => listening,
      kill,
      async terminate(graceMs) {
        const timer = setTimeout(kill, graceMs);
        await terminateGently(() => (isOver ? [] : shellFirst(shell.pid, uid)), graceMs);
        await ended;
        clearTimeout(timer);
      },
    };
  }

  async #clear(): Promise<void> {
    if (!(await clearUser(this.#owner, agentPatienceMs))) this.#hasFallen = true;
  }
}

/** A process that took the user on may have been started before: the shell is known by its number. */
function shellFirst(shell: number, uid: number) {
  const rows = livingProcessesOf(uid);
  return [...rows.filter(({ pid }) => pid === shell), ...rows.filter(({ pid }) => pid !== shell)];
}

async function startShell(owner: FileOwner, folders: WallFolders, doors: ClosedDoors): Promise<StartedProcess> {
  const { input, workspace, pipes, configuration } = folders;
  const start = doors.hasNamespaces && existsSync(workspaceInside) ? workspaceInside : workspace;
  return await startProcess({
    file: setpriv,
    args: [
      ...becomeUser(owner),
      ...closeDoors(doors, folders),
      ...startCommand(configuration),
      ...[input, start, join(pipes, 'stdout'), join(pipes, 'stderr')],
    ],
    env: {},
    cwd: '/',
    ownGroup: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
}

function firstLine(shell: StartedProcess): Promise<string> {
  const lines = createInterface({ input: shell.pipe(1) });
  const timer = setTimeout(() => shell.kill('SIGKILL'), agentPatienceMs);
  return new Promise((resolve) => {
    lines.once('line', (line) => resolve(line));
    lines.once('close', () => {
      clearTimeout(timer);
      resolve('nothing was said');
    });
  });
}
