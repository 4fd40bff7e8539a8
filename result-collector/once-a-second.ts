/** The same question, asked at most once a second: whoever asks meanwhile gets the same answer. A failure is not kept. */
export function onceASecond<T>(ask: () => Promise<T>, now: () => number): () => Promise<T> {
  let last: { readonly answer: Promise<T>; readonly at: number } | null = null;
  return () => {
    if (last !== null && now() < last.at + 1000) return last.answer;
    const answer = ask();
    last = { answer, at: now() };
    answer.catch(() => {
      last = null;
    });
    return answer;
  };
}
