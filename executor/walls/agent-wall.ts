import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { type Agent, agentPatienceMs } from './agent.ts';
import type { AgentAnswer } from './agent-answers.ts';
import { watchAgentCommand } from './agent-command.ts';
import { encodeLaunch } from './encode-launch.ts';
import { readInherited, readOnlyChild } from './processes.ts';
import { proveWall } from './prove-wall.ts';
import type { RaisedWall, RunningCommand, RunSpec, Wall, WallFolders } from './wall.ts';

/** A wall whose commands are started by an agent behind it. It falls with the agent, and never stands again. */
export class AgentWall implements RaisedWall {
  readonly #kind: Wall['kind'];
  readonly #agent: Agent;
  readonly #folders: WallFolders;
  readonly #inheritedAtFirst: string;
  #isBusy = false;
  #hasFallen = false;

  constructor(kind: Wall['kind'], agent: Agent, folders: WallFolders) {
    this.#kind = kind;
    this.#agent = agent;
    this.#folders = folders;
    this.#inheritedAtFirst = readInherited(agent.pid);
    void agent.gone.then(() => {
      this.#hasFallen = true;
    });
  }

  async run(spec: RunSpec): Promise<RunningCommand> {
    if (this.#isBusy) throw new Error('a command runs behind this wall already');
    if (this.hasFallen()) throw new PipelineError('wall/unavailable', 'the wall has fallen');
    this.#isBusy = true;
    try {
      await this.#start(spec);
    } catch (error) {
      // Where the agent and its child stand is not known, so neither can be used any more.
      await this.close();
      throw PipelineError.from(error, 'wall/unavailable');
    }
    return watchAgentCommand(this.#agent, {
      cleared: () => this.#goOn(),
      broken: () => this.#fall(),
    });
  }

  prove(): Promise<void> {
    return proveWall(this.#kind, this, this.#folders);
  }

  /** Its proof allows nothing. */
  leavesOpen(): readonly string[] {
    return [];
  }

  hasFallen(): boolean {
    // Its pipe is closed at once when it dies, and its namespaces take their time.
    return this.#hasFallen || this.#agent.answers.isOver();
  }

  async close(): Promise<void> {
    this.#fall();
    await this.#agent.gone;
  }

  /** Has the first process of a command wait at the gate, confines it there and opens the gate. */
  async #start(spec: RunSpec): Promise<void> {
    const { control, pid } = this.#agent;
    // Faster than by way of a thread, and the command cannot begin before it.
    writeFileSync(join(this.#folders.input, 'launch'), encodeLaunch(spec), { mode: 0o644 });
    // Where nobody wants to see it at the gate, the gate is opened beforehand.
    control.write(spec.confine === undefined ? 'run\ngo\n' : 'run\n');
    await this.#expect('waiting');
    if (spec.confine !== undefined) {
      const first = readOnlyChild(pid);
      if (first === null) throw new Error('the first process of the command cannot be found');
      spec.confine(first);
      control.write('go\n');
    }
    await this.#expect('started');
  }

  async #expect(kind: AgentAnswer['kind']): Promise<void> {
    const timer = setTimeout(() => this.#fall(), agentPatienceMs);
    const answer = await this.#agent.answers.next();
    clearTimeout(timer);
    if (answer?.kind === kind) return;
    const why = answer?.kind === 'refused' ? answer.why : (answer?.kind ?? 'the agent is gone');
    throw new Error(`the command was not started: ${why} ${this.#agent.words()}`.trim());
  }

  /** Limits and priorities that a command has put on the agent would be those of the next command. */
  #goOn(): void {
    this.#isBusy = false;
    if (readInherited(this.#agent.pid) !== this.#inheritedAtFirst) this.#fall();
  }

  #fall(): void {
    this.#hasFallen = true;
    this.#agent.kill();
  }
}
