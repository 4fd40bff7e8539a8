export interface Measured {
  readonly what: string;
  readonly value: number;
  readonly unit: '/s' | 'ms';
}

/** How often a second `call` was done, `parallel` of them at once. */
export async function rate(
  what: string,
  count: number,
  parallel: number,
  call: (n: number) => Promise<unknown>,
): Promise<Measured> {
  let next = 0;
  const worker = async () => {
    for (let n = next++; n < count; n = next++) await call(n);
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: parallel }, worker));
  return { what, value: (count * 1000) / (performance.now() - started), unit: '/s' };
}

/** A share of the values lies below this one. */
export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

/** At least `least`, so that a smoke run still does something. */
export const scaled = (count: number, scale: number, least: number): number =>
  Math.max(least, Math.round(count * scale));
