import { constants } from 'node:os';
import type { ListeningPort } from '../../schemas/generated/messages.ts';
import { type Agent, agentPatienceMs } from './agent.ts';
import { livingDescendants, signalQuietly } from './processes.ts';
import { terminateGently } from './terminate-gently.ts';
import type { CommandEnd, RunningCommand } from './wall.ts';

interface CommandEvents {
  /** Nothing of the command is left, and the agent can start another one. */
  cleared(): void;
  /** The agent is gone, or cannot remove what the command left. */
  broken(): void;
}

/** Follows a command that the agent has started. */
export function watchAgentCommand(agent: Agent, { cleared, broken }: CommandEvents): RunningCommand {
  let isOver = false;
  let listening: readonly ListeningPort[] = [];
  let deadline: NodeJS.Timeout | undefined;
  const mustBeOverSoon = () => {
    deadline ??= setTimeout(broken, agentPatienceMs);
  };
  const watch = async (): Promise<CommandEnd> => {
    let answer = await agent.answers.next();
    if (answer?.kind === 'listening') {
      listening = answer.ports;
      answer = await agent.answers.next();
    }
    const status = answer?.kind === 'ended' ? answer.status : null;
    if (status !== null) {
      mustBeOverSoon();
      answer = await agent.answers.next();
    }
    isOver = true;
    clearTimeout(deadline);
    if (answer?.kind === 'cleared') {
      cleared();
    } else {
      broken();
      await agent.gone;
    }
    return describeEnd(status);
  };
  const ended = watch();
  // When the first process is dead the agent kills all others, and nobody can fork away from that.
  const kill = () => {
    if (isOver) return;
    mustBeOverSoon();
    for (const { pid } of livingDescendants(agent.pid)) signalQuietly(pid, 'SIGKILL');
  };
  const processes = () => (isOver ? [] : livingDescendants(agent.pid));
  return {
    ended,
    processes,
    listening: () => listening,
    kill,
    async terminate(graceMs) {
      if (isOver) return;
      const timer = setTimeout(kill, graceMs);
      await terminateGently(processes, graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** A command whose end the agent did not live to see was killed with it by the kernel. */
export function describeEnd(status: number | null): CommandEnd {
  if (status === null) return { kind: 'signaled', signal: 'SIGKILL' };
  const signal = Object.entries(constants.signals).find(([, number]) => number === status - 128)?.[0];
  return signal === undefined ? { kind: 'exited', code: status } : { kind: 'exited-or-signaled', code: status, signal };
}
