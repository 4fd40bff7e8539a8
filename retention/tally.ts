/** How much was removed: rounds remove more objects than fit in memory. */
export interface Tally {
  readonly objects: number;
  readonly bytes: number;
}

export const nothingRemoved: Tally = { objects: 0, bytes: 0 };

export const addTally = (one: Tally, other: Tally): Tally => ({
  objects: one.objects + other.objects,
  bytes: one.bytes + other.bytes,
});

export const tallyOf = (objects: readonly { readonly bytes: number }[]): Tally => ({
  objects: objects.length,
  bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
});
