import { describe, expect, it } from '@jest/globals';
import type { WatchRecord } from '../../client/client-ports.ts';
import { createOpenWatches } from '../../client/open-watches.ts';

/** A source of records that tells what is done to it. */
function aSource() {
  const steps: string[] = [];
  const opened = Promise.withResolvers<WatchRecord<string>>();
  const open = () =>
    opened.resolve((id) => {
      steps.push(`watch ${id}`);
      return () => steps.push(`stop ${id}`);
    });
  const watches = createOpenWatches();
  const watch = (id: string) =>
    watches.watch(() => opened.promise)(
      id,
      () => {},
      (error) => steps.push(`${id}: ${(error as { code?: string }).code}`),
    );
  return { steps, open, watch, watches, isOpen: opened.promise };
}

describe('watches of a client that is closed', () => {
  it('are stopped, and whoever watches is told once', async () => {
    const { steps, open, watch, watches, isOpen } = aSource();
    watch('a');
    open();
    await isOpen;
    watches.endAll();
    watches.endAll();
    expect(steps).toEqual(['watch a', 'stop a', 'a: client/closed']);
  });

  it('are told of it too where nothing was opened yet, and open nothing then', async () => {
    const { steps, open, watch, watches, isOpen } = aSource();
    watch('a');
    watches.endAll();
    open();
    await isOpen;
    expect(steps).toEqual(['a: client/closed']);
  });

  it('are told nothing when they were stopped before', async () => {
    const { steps, open, watch, watches, isOpen } = aSource();
    const stop = watch('a');
    open();
    await isOpen;
    stop();
    watches.endAll();
    expect(steps).toEqual(['watch a', 'stop a']);
  });
});
