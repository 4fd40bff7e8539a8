import { describe, expect, it } from '@jest/globals';
import { codeOnly, stringsIn, withoutComments } from './strip-source.ts';

const compact = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

/** A hole of a template, in the text of a source. */
const hole = (code: string) => `\${${code}}`;

describe('what a source executes', () => {
  it.each([
    ['a line comment', 'a(); // process.exit()\nb();', 'a(); b();'],
    ['a block comment', 'a(/* process.exit() */);', 'a( );'],
    ['a string', "a('process.exit()', \"it's\");", 'a( , );'],
    ['a string with an escaped quote', "a('it\\'s // no comment');", 'a( );'],
    ['a regular expression', 'a(/\'\\/[/"]/g, b);', 'a( , b);'],
    ['a regular expression after return', "return /'/.test(a);", 'return .test(a);'],
    ['the text of a template', 'a(`process.exit()`);', 'a(` `);'],
  ])('is not %s', (_what, source, expected) => {
    expect(compact(codeOnly(source))).toBe(expected);
  });

  it.each([
    ['divisions', "a = b / c; d('x') / e;", 'a = b / c; d( ) / e;'],
    [
      'what stands in the holes of templates',
      `a(\`x ${hole('process.pid')} y ${hole(`\`z ${hole('b({ c: 1 })')}\``)} \\\`\`)`,
      `a(\` ${hole('process.pid')} ${hole(`\` ${hole('b({ c: 1 })')}\``)} \`)`,
    ],
  ])('includes %s', (_what, source, expected) => {
    expect(compact(codeOnly(source))).toBe(expected);
  });

  it('stays on its lines', () => {
    expect(codeOnly('/* a\nb */\nc').split('\n')).toEqual(['    ', '    ', 'c']);
  });
});

describe('a source without comments', () => {
  it('keeps its strings', () => {
    expect(withoutComments("import a from 'b'; // 'c'")).toBe("import a from 'b';       ");
  });
});

describe('the strings of a source', () => {
  it('are its literals, not words in comments', () => {
    expect(stringsIn("a('b'); // 'c'\nd(\"e\")")).toEqual(['b', 'e']);
  });
});
