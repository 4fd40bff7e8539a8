import type { Dockerfile, Stage } from './parse-dockerfile.ts';

/** What is wrong with a Dockerfile; nothing when all rules hold. */
export function lintDockerfile({ globals, stages }: Dockerfile): readonly string[] {
  const problems: string[] = [];
  const hold = (holds: boolean, problem: string) => {
    if (!holds) problems.push(problem);
  };
  const aliases = new Set(stages.map(({ alias }) => alias));
  for (const { from, instructions } of stages) {
    const name = /^\$\{(\w+)\}$/.exec(from)?.[1];
    const image = name === undefined ? from : (globals.get(name) ?? '');
    hold(isPinned(image) || aliases.has(image), `FROM ${from} is not pinned`);
    for (const { name: instruction, text, exec, words } of instructions) {
      if (['RUN', 'CMD', 'ENTRYPOINT', 'SHELL'].includes(instruction))
        hold(exec !== null, `${instruction} ${text} goes through a shell of its own choice: use the exec form`);
      if (instruction === 'ADD')
        hold(/^[\w./-]+\.tar$/.test(words[0] ?? ''), `ADD ${text} is for local archives alone: use COPY`);
      if (instruction === 'COPY') hold(!words.slice(0, -1).includes('.'), `COPY ${text} takes everything`);
      if (['ENV', 'ARG'].includes(instruction))
        hold(!/(?:SECRET|TOKEN|PASSWORD|_KEY)\b/i.test(text), `${instruction} ${text} keeps a secret in the image`);
      hold(!['MAINTAINER', 'ONBUILD'].includes(instruction), `${instruction} is not used`);
    }
  }
  const last = stages.at(-1);
  hold(last !== undefined && userOf(last) !== null, 'USER is not said');
  return problems;
}

/** The user of the last stage as it is written; null when nothing is said. */
export const userOf = ({ instructions }: Stage): string | null =>
  instructions.filter(({ name }) => name === 'USER').at(-1)?.text ?? null;

/** By a digest, or by a version of three numbers: no other tag keeps its meaning. */
const isPinned = (image: string): boolean =>
  image === 'scratch' || /@sha256:[0-9a-f]{64}$/.test(image) || /^[\w./-]+:\d+\.\d+\.\d+[\w.-]*$/.test(image);
