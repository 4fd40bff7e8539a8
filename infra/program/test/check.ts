import type { Deployment } from '../../deployment.ts';
import type { Recorded } from './record-deployment.ts';

/** Something that must hold of every deployment; each problem says what does not. */
export interface Check {
  readonly name: string;
  readonly problemsOf: (recorded: readonly Recorded[], deployment: Deployment) => readonly string[];
}

/** `problem` unless it holds. */
export const unless = (holds: boolean, problem: string): readonly string[] => (holds ? [] : [problem]);

/** What is on one side and not on the other. */
export function differences(what: string, found: readonly string[], wanted: readonly string[]): readonly string[] {
  const extra = found.filter((one) => !wanted.includes(one));
  const missing = wanted.filter((one) => !found.includes(one));
  const repeated = found.filter((one, index) => found.indexOf(one) !== index);
  return [
    ...extra.map((one) => `${what}: ${one} is not wanted`),
    ...missing.map((one) => `${what}: ${one} is missing`),
    ...repeated.map((one) => `${what}: ${one} is there twice`),
  ];
}
