/** Hostile commands that are not tried behind the wall `container`, by what they try, and why not. */
export const notBehindContainer: Readonly<Record<string, string>> = {};
