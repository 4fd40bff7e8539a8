const maxShownCharacters = 100;

/** A text from outside as it may stand in a sentence: one line, in quotes, clipped to 100 characters. */
export function quote(text: string): string {
  const characters = text.slice(0, 2 * maxShownCharacters);
  const shown = [...characters].slice(0, maxShownCharacters).join('');
  return shown === text ? JSON.stringify(text) : `${JSON.stringify(shown)}…`;
}
