import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { type StartedProcess, startProcess } from '../start-process.ts';
import { type Agent, agentPatienceMs } from './agent.ts';
import { AgentAnswers } from './agent-answers.ts';
import { AgentWall } from './agent-wall.ts';
import { agentArguments, bubblewrapArguments, foldersInside, wallDescriptors } from './bubblewrap-arguments.ts';
import { assertFiltered, assertSeparated, readSandbox } from './bwrap-status.ts';
import { readProcess, signalQuietly } from './processes.ts';
import { isFilteredArchitecture, seccompFilter } from './seccomp-filter.ts';
import type { FileOwner, RaisedNetwork, RaisedWall, RaiseSpec, Wall } from './wall.ts';

const listenInside = join(import.meta.dirname, '../network/listen-inside.mjs');

/**
 * bubblewrap in new namespaces of every kind. Under root `owner` must be a uid that nothing else has: the uid that a
 * command has on the host is then powerless there, and its process limit counts nobody else's processes.
 */
export function createBubblewrapWall(owner: FileOwner | null): Wall {
  return {
    kind: 'bubblewrap',
    owner,
    countsOwnProcesses: true,
    isConfinable: true,
    network: 'by-proxy',
    inside: () => foldersInside,
    raise: (spec) => raise(spec, owner),
  };
}

async function raise(spec: RaiseSpec, owner: FileOwner | null): Promise<RaisedWall> {
  const filter = filterFor(process.arch);
  const bwrap = await startBwrap(owner, spec.network ?? null);
  try {
    return await waitUntilStanding(bwrap, spec, filter);
  } catch (error) {
    // A socket that came before the wall fell would listen for ever.
    void bwrap.listener.then((listener) => listener?.close());
    throw error;
  }
}

async function waitUntilStanding(bwrap: StartedProcess, spec: RaiseSpec, filter: Buffer): Promise<RaisedWall> {
  const { network = null } = spec;
  const words = readWords(bwrap.pipe(2));
  const answers = new AgentAnswers(bwrap.pipe(wallDescriptors.answers));
  const [options, control] = [bwrap.pipe(wallDescriptors.arguments), bwrap.pipe(wallDescriptors.control)];
  const rules = bwrap.pipe(wallDescriptors.seccomp);
  // bwrap that has ended early does not read these to their end; why it ended is in its words.
  for (const pipe of [options, control, rules]) pipe.on('error', () => {});
  rules.end(filter);
  options.end(`${bubblewrapArguments(spec).join('\0')}\0`);

  const timer = setTimeout(() => bwrap.kill('SIGKILL'), agentPatienceMs);
  const sandbox = await readSandbox(bwrap.pipe(wallDescriptors.status));
  const isStanding = (await answers.next())?.kind === 'standing';
  clearTimeout(timer);
  if (sandbox === null || !isStanding) {
    bwrap.kill('SIGKILL');
    const end = await bwrap.ended;
    throw new PipelineError('wall/unavailable', words() || `bwrap ended before the wall stood: ${JSON.stringify(end)}`);
  }
  const agent = describeAgent(bwrap, sandbox.pid, { control, answers, words });
  try {
    assertSeparated(sandbox.namespaces);
    assertFiltered(sandbox.pid);
  } catch (error) {
    agent.kill();
    await agent.gone;
    throw error;
  }
  if (network !== null) await handOver(network, bwrap, agent);
  return new AgentWall('bubblewrap', agent, spec.folders);
}

function filterFor(architecture: string): Buffer {
  if (isFilteredArchitecture(architecture)) return seccompFilter(architecture);
  throw new PipelineError('wall/unavailable', `there is no system call filter for the processor ${architecture}`);
}

async function startBwrap(owner: FileOwner | null, network: RaisedNetwork | null): Promise<StartedProcess> {
  const open = (path: string) => openSync(path, 'r');
  const files = ['/bin/bash', join(import.meta.dirname, 'agent.bash')].map(open);
  // The helper is this very Node, by its descriptor: it need not be anywhere behind the wall, nor may its folder be passable.
  const helper = network === null ? [] : [process.execPath, listenInside].map(open);
  try {
    return await startProcess({
      file: 'bwrap',
      args: ['--args', `${wallDescriptors.arguments}`, '--', ...agentArguments(network?.port ?? null)],
      env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
      cwd: '/',
      ...(owner !== null && { user: owner }),
      // In the order of `wallDescriptors`.
      stdio: [
        ...(['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] as const),
        ...files,
        ...(['pipe', 'pipe', 'pipe'] as const),
        ...(network === null ? [] : (['ipc', ...helper] as const)),
      ],
    });
  } catch (error) {
    throw new PipelineError('wall/unavailable', `bwrap cannot be started: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    for (const file of [...files, ...helper]) closeSync(file);
  }
}

/** The agent stands only when its helper has sent the socket, so it is here or will never be. */
async function handOver(network: RaisedNetwork, bwrap: StartedProcess, agent: Agent): Promise<void> {
  const listener = await Promise.race([bwrap.listener, bwrap.ended.then(() => null)]);
  if (listener !== null) {
    network.onListening(listener);
    return;
  }
  agent.kill();
  await agent.gone;
  throw new PipelineError('wall/unavailable', `the socket of the proxy did not come: ${agent.words()}`);
}

function describeAgent(bwrap: StartedProcess, pid: number, pipes: Pick<Agent, 'control' | 'answers' | 'words'>): Agent {
  let isGone = false;
  let deadline: NodeJS.Timeout | undefined;
  const gone = bwrap.ended.then(async () => {
    clearTimeout(deadline);
    // bwrap may exit a moment before the kernel has killed all others of the pid namespace.
    await whenGone(pid);
    isGone = true;
  });
  const kill = () => {
    if (isGone) return;
    signalQuietly(pid, 'SIGKILL');
    // bwrap waits for it and ends. Killed first, it would leave a zombie to the first process of the machine.
    deadline ??= setTimeout(() => bwrap.kill('SIGKILL'), agentPatienceMs);
  };
  return { ...pipes, pid, gone, kill };
}

const longestWords = 2048;

/** The beginning of what is said there; all of it is read. */
function readWords(pipe: Readable): () => string {
  let text = '';
  pipe.setEncoding('utf8');
  pipe.on('error', () => {});
  pipe.on('data', (chunk: string) => {
    text = (text + chunk).slice(0, longestWords);
  });
  return () => text.trim();
}

/** The first process of a pid namespace turns into a zombie only when no other process of it is left. */
async function whenGone(pid: number): Promise<void> {
  for (;;) {
    const row = readProcess(pid);
    if (row === null || row.isZombie) return;
    await delay(1);
  }
}
