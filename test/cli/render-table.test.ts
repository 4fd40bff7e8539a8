import { describe, expect, it } from '@jest/globals';
import { displayWidth, renderPairs, renderTable } from '../../cli/render-table.ts';

const columns = [{ title: 'ID' }, { title: 'N', align: 'right' }, { title: 'COMMAND', shrinks: true }] as const;

describe('a table', () => {
  it('aligns its columns and leaves no space at the end of a line', () => {
    const rows = [
      ['a', '1', 'true'],
      ['long-id', '100', ''],
    ];
    expect(renderTable(columns, rows, null)).toBe(
      ['ID         N  COMMAND', 'a          1  true', 'long-id  100', ''].join('\n'),
    );
  });

  it('is its titles without rows', () => {
    expect(renderTable(columns, [], null)).toBe('ID  N  COMMAND\n');
  });

  it('lets the column that may shrink give way, down to eight characters', () => {
    const rows = [['an-id', '1', 'x'.repeat(50)]];
    const widthAt = (width: number) => renderTable(columns, rows, width).split('\n')[1];
    expect(widthAt(60)).toBe(`an-id  1  ${'x'.repeat(50)}`);
    expect(widthAt(59)).toBe(`an-id  1  ${'x'.repeat(48)}…`);
    expect(widthAt(5)).toBe('an-id  1  xxxxxxx…');
  });

  it('cuts what is longer than a column may be, also without a limit to the table', () => {
    const bounded = [{ title: 'ID', maxWidth: 4 }, { title: 'N' }] as const;
    const rows = [
      ['abcd', '1'],
      ['abcde', '2'],
    ];
    expect(renderTable(bounded, rows, null)).toBe(['ID    N', 'abcd  1', 'abc…  2', ''].join('\n'));
  });

  it('aligns characters that are two cells wide and those that take none', () => {
    const rows = [
      ['日本', '1', 'x'],
      ['e\u0301', '2', 'x'],
    ];
    expect(renderTable(columns, rows, null).split('\n').slice(1, 3)).toEqual(['日本  1  x', 'e\u0301     2  x']);
  });

  it('keeps a cell on its line and shows what would move the cursor', () => {
    const rows = [['a', '1', 'echo\u001b[2J\nrm\r\u007f\u0085\u202e']];
    expect(renderTable(columns, rows, null)).toContain('echo␛[2J␊rm␍␡\ufffd\ufffd\n');
  });

  it('clips by cells and not by characters', () => {
    const rows = [['a', '1', '日本語日本語']];
    const [, line = ''] = renderTable(columns, rows, 16).split('\n');
    expect([line, displayWidth(line)]).toEqual(['a   1  日本語日…', 16]);
  });
});

describe('pairs', () => {
  it('stand below each other with their values aligned', () => {
    expect(
      renderPairs([
        ['id', 'a'],
        ['session', 'b\nc'],
      ]),
    ).toBe('id       a\nsession  b␊c\n');
  });
});
