import type { Writable } from 'node:stream';
import type { AgentAnswers } from './agent-answers.ts';

/** The first process behind a wall, once it has said that it stands; what it does is in agent.bash. */
export interface Agent {
  /** As the host numbers it. */
  readonly pid: number;
  readonly control: Writable;
  readonly answers: AgentAnswers;
  /** Kills it, and with it everything that is behind the wall. */
  kill(): void;
  /** Resolves when nothing of what was behind the wall is left. */
  readonly gone: Promise<void>;
  /** What was said on stderr so far: why a wall could not be put up. */
  words(): string;
}

/** How long the agent may take for a step of milliseconds, and the kernel to remove what was killed. Then the wall falls. */
export const agentPatienceMs = 20_000;
