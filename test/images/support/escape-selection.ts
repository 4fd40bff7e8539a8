/** Hostile commands that are not tried behind the wall `container`, by what they try, and why not. */
export const notBehindContainer: Readonly<Record<string, string>> = {
  'finds the executor by its number on the host': 'the list of processes is open; what it tries besides fails',
};
