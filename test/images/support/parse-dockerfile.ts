export interface Instruction {
  readonly name: string;
  readonly text: string;
  /** The parts of the exec form; null in any other form. */
  readonly exec: readonly string[] | null;
  /** Those words of the others that are no options. */
  readonly words: readonly string[];
}

export interface Stage {
  readonly from: string;
  readonly alias: string | null;
  readonly instructions: readonly Instruction[];
}

export interface Dockerfile {
  /** ARG before the first FROM, with their defaults. */
  readonly globals: ReadonlyMap<string, string>;
  readonly stages: readonly Stage[];
}

/** Reads a Dockerfile without heredocs. */
export function parseDockerfile(text: string): Dockerfile {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*(?:#|$)/.test(line))
    .join('\n')
    .replace(/\\\n\s*/g, ' ')
    .split('\n');
  const globals = new Map<string, string>();
  const stages: { from: string; alias: string | null; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, word = '', rest = ''] = /^\s*(\w+)\s+(.*)$/.exec(line) ?? [];
    const name = word.toUpperCase();
    const current = stages.at(-1);
    if (name === 'FROM') {
      const [, from = '', alias = null] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(rest) ?? [];
      stages.push({ from, alias, instructions: [] });
    } else if (current === undefined) {
      const [key = '', value = ''] = rest.split('=');
      globals.set(key, value);
    } else {
      const words = rest.split(/\s+/).filter((one) => !one.startsWith('--'));
      current.instructions.push({ name, text: rest, exec: parseExec(rest), words });
    }
  }
  return { globals, stages };
}

function parseExec(text: string): readonly string[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as string[]) : null;
  } catch {
    return null;
  }
}
