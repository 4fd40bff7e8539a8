import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One acceptance case: commands and what peers' test suites expect of them. See README.md for the format. */
export interface Case {
  readonly id: string;
  readonly source: string;
  readonly group: string;
  readonly note?: string;
  readonly needs?: readonly string[];
  readonly optional?: boolean;
  readonly policy?: { readonly key: string; readonly value: string };
  readonly steps: readonly Step[];
}

export interface Step {
  readonly session?: string;
  readonly exec?: ExecStep;
  readonly write_file?: WriteStep;
  readonly read_file?: { readonly path: string; readonly limit_bytes?: number };
  readonly list_dir?: { readonly path: string };
  readonly exists?: { readonly path: string };
  readonly make_dir?: { readonly path: string };
  readonly delete_path?: { readonly path: string; readonly recursive?: boolean };
  readonly repeat?: number;
  readonly expect?: ExecExpectation & FileExpectation;
  readonly parallel?: readonly Step[];
  readonly sleep_s?: number;
  readonly new_container?: boolean;
}

export interface Generated {
  readonly prefix?: string;
  readonly repeat?: string;
  readonly count: number;
  readonly suffix?: string;
}

export interface ExecStep {
  readonly command?: string;
  readonly command_gen?: Generated;
  readonly timeout_s?: number;
  readonly cancel_after_s?: number;
  readonly env?: Readonly<Record<string, string | null>>;
  readonly cwd?: string;
  readonly stdin?: string;
  readonly stdin_base64?: string;
  readonly stdin_gen?: Generated;
  readonly user?: string;
}

export interface WriteStep {
  readonly path: string;
  readonly content?: string;
  readonly content_base64?: string;
  readonly content_gen?: Generated;
}

/** A missing key is not checked; `error: null` is that there is none. */
export interface FileExpectation {
  readonly error?: string | null;
  readonly error_in?: readonly (string | null)[];
  readonly message_contains?: readonly string[];
  readonly content?: string;
  readonly content_base64?: string;
  readonly content_gen?: Generated;
  readonly content_sha256?: string;
  readonly size?: number;
  readonly names?: readonly string[];
  readonly names_contain?: readonly string[];
  readonly exists?: boolean;
}

type StreamExpectation<S extends string> = {
  readonly [K in S]?: string;
} & { readonly [K in `${S}_contains` | `${S}_not_contains`]?: readonly string[] } & {
  readonly [K in `${S}_regex`]?: string;
} & { readonly [K in `${S}_gen`]?: Generated };

/** A missing key is not checked. */
export type ExecExpectation = {
  readonly exit_code?: number | null;
  readonly exit_code_nonzero?: boolean;
  readonly exit_code_in?: readonly number[];
  readonly status?: string;
  readonly status_in?: readonly string[];
  readonly stdout_bytes?: number;
  readonly stdout_min_bytes?: number;
  readonly stdout_lines?: number;
  readonly cwd?: string;
  readonly max_seconds?: number;
  readonly min_seconds?: number;
} & StreamExpectation<'stdout'> &
  StreamExpectation<'stderr'>;

export const generate = ({ prefix = '', repeat = 'x', count, suffix = '' }: Generated): string =>
  prefix + repeat.repeat(count) + suffix;

/** Every case of the file. */
export const readCases = (): readonly Case[] =>
  readFileSync(join(import.meta.dirname, 'cases.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Case);
