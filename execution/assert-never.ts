/** Ends a total `switch`: the compiler refuses a missing case, and a value from outside the type fails loudly. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
