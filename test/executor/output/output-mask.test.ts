import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OutputMask } from '../../../executor/output/output-mask.ts';

function masked(values: readonly string[], pieces: readonly string[]): string {
  const mask = new OutputMask(values);
  return Buffer.concat([...pieces.map((piece) => mask.push(Buffer.from(piece))), mask.flush()]).toString();
}

describe('masked output', () => {
  it.each([
    ['a value', ['secret'], 'a secret b', 'a *** b'],
    ['a value of 6 bytes and none of 5', ['secret', 'short'], 'secret short', '*** short'],
    ['values that follow each other', ['secret'], 'secretsecret', '******'],
    ['the longer of two that begin alike', ['secret', 'secret-two'], 'secret-two secret', '*** ***'],
    ['a value at the very end', ['secret'], 'xsecret', 'x***'],
    ['a value of several lines', ['line 1\nline 2'], 'line 1\nline 2\n', '***\n'],
    ['nothing of what only begins like a value', ['secret'], 'secre', 'secre'],
    ['a value after its own beginning', ['aabaac'], 'aabaabaac', 'aab***'],
  ])('has no %s, in one piece or byte by byte', (_title, values, text, expected) => {
    expect([masked(values, [text]), masked(values, [...text])]).toEqual([expected, expected]);
  });

  it('is the same however the stream is cut', () => {
    const text = fc
      .array(fc.constantFrom('secret', 'sec', 'ret', 'x', 'needle', 'secretx'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (whole, sizes) => {
        const pieces: string[] = [];
        for (let at = 0; at < whole.length; at += pieces.at(-1)?.length ?? 1) {
          pieces.push(whole.slice(at, at + (sizes.next().value as number)));
        }
        expect(masked(['secret', 'needle'], pieces)).toBe(whole.replaceAll(/secret|needle/g, '***'));
      }),
    );
  });

  it('passes on at once what begins no value', () => {
    const mask = new OutputMask(['secret']);
    expect(mask.push(Buffer.from('prompt> ')).toString()).toBe('prompt> ');
    expect(mask.push(Buffer.from('se')).toString()).toBe('');
    expect(mask.push(Buffer.from('t')).toString()).toBe('set');
  });
});
