import { toOneLine } from './visible-text.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Gives way when the table is wider than the terminal. */
  readonly shrinks?: boolean;
  /** Cells are cut to it. For what others may make as long as they like and no command asks for. */
  readonly maxWidth?: number;
}

/** Between two columns. */
const gap = '  ';

/** No column is made narrower than this. */
const minWidth = 8;

/**
 * An aligned table of at most `maxWidth` characters, where a column can shrink; null for no limit. Cells are shown on
 * one line with control characters made visible: they hold what other programs wrote.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  maxWidth: number | null,
): string {
  const cells = rows.map((row) => columns.map((_, index) => toOneLine(row[index] ?? '')));
  const natural = columns.map(({ title, maxWidth: most = Number.POSITIVE_INFINITY }, index) =>
    Math.max(title.length, ...cells.map((row) => Math.min(most, displayWidth(row[index] ?? '')))),
  );
  const widths = shrinkToFit(columns, natural, maxWidth);
  const line = (row: readonly string[]) =>
    columns
      .map(({ align = 'left' }, index) => {
        const width = widths[index] ?? 0;
        const cell = clip(row[index] ?? '', width);
        const space = ' '.repeat(width - displayWidth(cell));
        return align === 'left' ? cell + space : space + cell;
      })
      .join(gap)
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...cells.map(line)].map((text) => `${text}\n`).join('');
}

/** Names and values, one pair a line. */
export function renderPairs(pairs: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}${gap}${toOneLine(value)}`.trimEnd().concat('\n')).join('');
}

function shrinkToFit(
  columns: readonly Column[],
  natural: readonly number[],
  maxWidth: number | null,
): readonly number[] {
  const total = natural.reduce((sum, width) => sum + width, gap.length * (columns.length - 1));
  let excess = maxWidth === null ? 0 : total - maxWidth;
  return natural.map((width, index) => {
    if (excess <= 0 || !columns[index]?.shrinks) return width;
    const given = Math.min(excess, Math.max(0, width - minWidth));
    excess -= given;
    return width - given;
  });
}

function clip(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let clipped = '';
  let room = width - displayWidth('…');
  for (const character of text) {
    room -= displayWidth(character);
    if (room < 0) break;
    clipped += character;
  }
  return `${clipped}…`;
}

const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;

/** Cells of a terminal that a text takes, as terminals commonly count. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += /\p{M}|\u200d/u.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}
