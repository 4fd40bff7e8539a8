import { invalidArgument } from './refusals.ts';

const gibibyte = 2 ** 30;
const units: Readonly<Record<string, number>> = {
  '': 1,
  ...{ k: 1e3, M: 1e6, G: 1e9, T: 1e12 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: gibibyte, Ti: 2 ** 40 },
};
const leastMemory = gibibyte / 2;
const mostMemory = 32 * gibibyte;

/** By number of CPUs, the memory that a container may have (https://cloud.google.com/run/docs/configuring/jobs/memory-limits). */
const memoryByCpu: Readonly<Record<string, readonly [least: number, most: number]>> = {
  '1': [leastMemory, 4 * gibibyte],
  '2': [leastMemory, 8 * gibibyte],
  '4': [2 * gibibyte, 16 * gibibyte],
  '6': [4 * gibibyte, 24 * gibibyte],
  '8': [4 * gibibyte, mostMemory],
};

const known = ['cpu', 'memory', 'nvidia.com/gpu'];

/** Throws INVALID_ARGUMENT for limits that Cloud Run has not; here they have no effect. */
export function checkLimits(field: string, limits: Readonly<Record<string, string>> & { cpu: string; memory: string }) {
  const unknown = Object.keys(limits).find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalidArgument(field, `'${unknown}' must be one of ${known.join(', ')}`);
  const { cpu, memory, 'nvidia.com/gpu': gpu = '1' } = limits;
  if (gpu !== '1') throw invalidArgument(`${field}.nvidia.com/gpu`, `'${gpu}' must be 1`);
  const bounds = Object.entries(memoryByCpu).find(([count]) => cpu === count || cpu === `${count}000m`)?.[1];
  if (bounds === undefined) {
    throw invalidArgument(`${field}.cpu`, `'${cpu}' must be one of ${Object.keys(memoryByCpu).join(', ')}`);
  }
  const bytes = parseBytes(`${field}.memory`, memory);
  const [least, most] = bounds;
  if (bytes >= least && bytes <= most) return;
  throw invalidArgument(
    `${field}.memory`,
    `'${memory}' must be from ${least / gibibyte}Gi to ${most / gibibyte}Gi with ${cpu} CPU`,
  );
}

function parseBytes(field: string, quantity: string): number {
  const groups = /^(?<count>\d+(?:\.\d+)?)(?<unit>[A-Za-z]*)$/.exec(quantity)?.groups;
  const unit = units[groups?.unit ?? '?'];
  if (unit === undefined) throw invalidArgument(field, `'${quantity}' must be a number with a unit, like 512Mi or 2Gi`);
  return Number(groups?.count) * unit;
}
