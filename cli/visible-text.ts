/*
 * What other programs wrote, shown so that it cannot move the cursor, change colours or turn the direction of a line:
 * control characters by their pictures (U+2400 and on), the rest as U+FFFD.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unseen = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}

export const toOneLine = (text: string): string => text.replace(unseen, picture);

/** Keeps line ends and tabs. */
export const toLines = (text: string): string =>
  text.replace(unseen, (character) => (character === '\n' || character === '\t' ? character : picture(character)));
