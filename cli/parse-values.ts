import { misused, type Parsed, parsed } from './parse-options.ts';

const millisecondsIn = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** A time span such as "30s", "1.5m" or "250ms". */
export function parseDuration(option: string, text: string): Parsed<number> {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) {
    return misused(`${option} ${JSON.stringify(text)} must be a time with its unit, such as 250ms, 30s, 5m or 1h`);
  }
  return parsed(Math.round(Number(amount) * millisecondsIn[unit as keyof typeof millisecondsIn]));
}

const dayMs = 86_400_000;

/** A time of the calendar as RFC 3339 or a date (UTC), or a time span before `now` such as "30m" or "7d". */
export function parseTime(option: string, text: string, now: number): Parsed<Date> {
  const [, days] = /^(\d+)d$/.exec(text) ?? [];
  const span = days === undefined ? parseDuration(option, text) : parsed(Number(days) * dayMs);
  const time = span.ok ? now - span.value : /^\d{4}-\d\d-\d\d(?:T\S+)?$/.test(text) ? Date.parse(text) : Number.NaN;
  const date = new Date(time);
  if (!Number.isNaN(date.getTime())) return parsed(date);
  return misused(
    `${option} ${JSON.stringify(text)} must be a time such as 2026-01-31T12:00:00Z, or a span such as 2h or 7d`,
  );
}

/** A whole number from 1 on. */
export function parseCount(option: string, text: string): Parsed<number> {
  return /^[1-9]\d{0,8}$/.test(text)
    ? parsed(Number(text))
    : misused(`${option} ${JSON.stringify(text)} must be a whole number from 1 on`);
}

/** Pairs such as "NAME=value"; the value may be empty and may have more equals signs. */
export function parsePairs(option: string, texts: readonly string[]): Parsed<Readonly<Record<string, string>>> {
  const pairs = texts.map((text) => /^([^=]+)=(.*)$/s.exec(text));
  const wrong = pairs.indexOf(null);
  if (wrong !== -1) return misused(`${option} ${JSON.stringify(texts[wrong])} must be of the form name=value`);
  return parsed(Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? ''])));
}

/** A value of a message: JSON where it is JSON, else the text itself. */
export function parseJsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
