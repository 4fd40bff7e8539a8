import { PipelineError } from '../execution/pipeline-error.ts';

export type Env = Readonly<Record<string, string | undefined>>;

export interface IntegerForm {
  readonly min: number;
  readonly max: number;
  /** Used when the variable is absent; without it the variable is required. */
  readonly fallback?: number;
}

/** Reads variables and keeps every problem, so that one start tells of all of them. Values are never echoed. */
export interface EnvReader {
  text(name: string, form?: { readonly pattern?: RegExp; readonly accepted?: string }): string;
  optionalText(name: string): string | undefined;
  integer(name: string, form: IntegerForm): number;
  oneOf<T extends string>(name: string, accepted: readonly T[], fallback?: T): T;
  /** Something that holds between variables, such as one being larger than another. */
  require(holds: boolean, problem: string): void;
  /** Throws one `config/invalid` that lists all problems; call it last. */
  finish(service: string): void;
}

export function createEnvReader(env: Env): EnvReader {
  const problems: string[] = [];
  const value = (name: string) => (env[name] === '' ? undefined : env[name]);
  return {
    text(name, form = {}) {
      const found = value(name);
      if (found === undefined) problems.push(`${name} is missing`);
      else if (form.pattern?.test(found) === false) problems.push(`${name} must be ${form.accepted ?? form.pattern}`);
      return found ?? '';
    },
    optionalText: value,
    integer(name, { min, max, fallback }) {
      const found = value(name);
      if (found === undefined) {
        if (fallback === undefined) problems.push(`${name} is missing`);
        return fallback ?? min;
      }
      const number = /^\d+$/.test(found) ? Number(found) : Number.NaN;
      if (!(number >= min && number <= max)) problems.push(`${name} must be a whole number from ${min} to ${max}`);
      return number;
    },
    oneOf(name, accepted, fallback) {
      const found = value(name) ?? fallback;
      const known = accepted.find((one) => one === found);
      if (known === undefined) problems.push(`${name} must be one of ${accepted.join(', ')}`);
      return known ?? (accepted[0] as (typeof accepted)[number]);
    },
    require(holds, problem) {
      if (!holds) problems.push(problem);
    },
    finish(service) {
      if (problems.length > 0) throw new PipelineError('config/invalid', `${service}: ${problems.join('; ')}`);
    },
  };
}
