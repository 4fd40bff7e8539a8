import type { Readable } from 'node:stream';
import type { ListeningPort } from '../../schemas/generated/messages.ts';
import { parseListening } from './listening-ports.ts';

/** What the agent behind a wall says; agent.bash has the order. */
export type AgentAnswer =
  | { readonly kind: 'standing' }
  /** The command's first process waits at the gate. */
  | { readonly kind: 'waiting' }
  /** It has its streams and is about to become the command's program. */
  | { readonly kind: 'started' }
  /** The command did not start. */
  | { readonly kind: 'refused'; readonly why: string }
  /** Said only where something of the command listens, before `ended`. */
  | { readonly kind: 'listening'; readonly ports: readonly ListeningPort[] }
  /** The command's first process was reaped; 128 + n for signal n, as shells count. */
  | { readonly kind: 'ended'; readonly status: number }
  /** No process of the command is left. */
  | { readonly kind: 'cleared' }
  /** Something of it is left that could not be removed. */
  | { readonly kind: 'littered'; readonly what: string };

/** One line of the agent, or null when it is none. */
export function parseAgentAnswer(line: string): AgentAnswer | null {
  const [, word, rest = ''] = /^([a-z]+)(?: (.+))?$/.exec(line) ?? [];
  switch (word) {
    case 'standing':
    case 'waiting':
    case 'started':
    case 'cleared':
      return rest === '' ? { kind: word } : null;
    case 'refused':
      return { kind: word, why: rest };
    case 'littered':
      return { kind: word, what: rest };
    case 'listening': {
      const ports = parseListening(rest);
      return ports === null ? null : { kind: word, ports };
    }
    case 'ended':
      return /^\d{1,3}$/.test(rest) && Number(rest) <= 255 ? { kind: word, status: Number(rest) } : null;
    default:
      return null;
  }
}

/** No answer is longer; a longer line is none. */
const longestLine = 4096;

/** The answers of an agent, one after the other. */
export class AgentAnswers {
  readonly #arrived: AgentAnswer[] = [];
  #waiting: ((answer: AgentAnswer | null) => void) | null = null;
  #text = '';
  #isOver = false;

  constructor(pipe: Readable) {
    pipe.setEncoding('latin1');
    pipe.on('data', (chunk: string) => this.#take(chunk));
    pipe.on('error', () => this.#end());
    pipe.on('close', () => this.#end());
  }

  /** Null when there will be none: the agent has ended, or what it said is no answer. */
  next(): Promise<AgentAnswer | null> {
    const first = this.#arrived.shift();
    if (first !== undefined) return Promise.resolve(first);
    if (this.#isOver) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /** Whether there will be none but those that have arrived. */
  isOver(): boolean {
    return this.#isOver;
  }

  #take(chunk: string): void {
    const lines = (this.#text + chunk).split('\n');
    this.#text = lines.pop() ?? '';
    for (const line of lines) this.#push(parseAgentAnswer(line));
    if (this.#text.length > longestLine) this.#end();
  }

  #push(answer: AgentAnswer | null): void {
    if (this.#isOver) return;
    if (answer === null) {
      this.#end();
      return;
    }
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting === null) this.#arrived.push(answer);
    else waiting(answer);
  }

  #end(): void {
    this.#isOver = true;
    this.#waiting?.(null);
    this.#waiting = null;
  }
}
