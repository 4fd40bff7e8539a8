import type { ExecRequest } from '../schemas/generated/messages.ts';

/** Bounds of one execution, each always set: "unlimited" does not exist. */
export interface Limits {
  readonly timeoutMs: number;
  /** Longest time without a byte of output. */
  readonly idleOutputMs: number;
  /** Processor time of all its processes together. */
  readonly cpuMs: number;
  readonly memoryMb: number;
  readonly pids: number;
  /** Of each process. */
  readonly openFiles: number;
  /** The largest file. */
  readonly fileMb: number;
  readonly workspaceMb: number;
  /** Files, folders and links of the workspace. */
  readonly workspaceFiles: number;
  /** What /tmp holds. */
  readonly tmpMb: number;
  /** Both streams together. */
  readonly outputBytes: number;
}

/** The most processors that a job has: more processor time than that no command can use. */
const mostProcessors = 8;

/** What follows from another limit is bounded by that one unless somebody asks for less. */
const defaultsFor = ({ timeoutMs, workspaceMb }: Pick<Limits, 'timeoutMs' | 'workspaceMb'>): Limits => ({
  timeoutMs,
  idleOutputMs: timeoutMs,
  cpuMs: mostProcessors * timeoutMs,
  memoryMb: 512,
  pids: 256,
  openFiles: 4096,
  fileMb: workspaceMb,
  workspaceMb,
  workspaceFiles: 250_000,
  tmpMb: 256,
  outputBytes: 10 * 1024 * 1024,
});

export const defaultLimits: Limits = defaultsFor({ timeoutMs: 120_000, workspaceMb: 1024 });

const limitNames = Object.keys(defaultLimits) as (keyof Limits)[];

/** Ceilings of a deployment, where what follows from another limit has the ceiling of that one. */
export const ceilingsFrom = (own: Omit<Limits, 'idleOutputMs' | 'cpuMs' | 'fileMb'>): Limits => {
  const { idleOutputMs, cpuMs, fileMb } = defaultsFor(own);
  return { ...own, idleOutputMs, cpuMs, fileMb };
};

export interface OverLimit {
  readonly field: string;
  readonly asked: number;
  readonly ceiling: number;
  /** Whose ceiling it is. Where both have one, the lower one counts. */
  readonly of: 'deployment' | 'tenant';
}

type Asked = Pick<ExecRequest, 'timeoutMs' | 'limits'>;

/** The limits that hold for a request, and what it asked for beyond the ceilings. */
export function resolveLimits(
  request: Asked,
  deployment: Limits,
  tenant: Partial<Limits> = {},
): { readonly limits: Limits; readonly over: readonly OverLimit[] } {
  const asked: Partial<Record<keyof Limits, number | undefined>> = { ...request.limits, timeoutMs: request.timeoutMs };
  const ceilingOf = (name: keyof Limits) => Math.min(deployment[name], tenant[name] ?? deployment[name]);
  const resolve = (name: keyof Limits, defaults: Limits) => asked[name] ?? Math.min(defaults[name], ceilingOf(name));
  const defaults = defaultsFor({
    timeoutMs: resolve('timeoutMs', defaultLimits),
    workspaceMb: resolve('workspaceMb', defaultLimits),
  });
  const limits = Object.fromEntries(limitNames.map((name) => [name, resolve(name, defaults)])) as Record<
    keyof Limits,
    number
  >;
  const over = limitNames.flatMap((name): readonly OverLimit[] => {
    const ceiling = ceilingOf(name);
    if (limits[name] <= ceiling) return [];
    const of = ceiling < deployment[name] ? 'tenant' : 'deployment';
    return [{ field: name, asked: limits[name], ceiling, of }];
  });
  return { limits, over };
}

/** Limits that were stored before some of them existed. */
export const completeLimits = (stored: Partial<Limits>): Limits => ({
  ...defaultsFor({ ...defaultLimits, ...stored }),
  ...stored,
});
