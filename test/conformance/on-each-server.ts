import { describe, it } from '@jest/globals';
import {
  findGoogleEmulator,
  type GoogleEmulator,
  type StartedServer,
  startGoogleEmulator,
} from '../support/google-emulators.ts';

type Declare = Pick<typeof it, 'each'> & ((title: string, check: () => Promise<void>, timeoutMs?: number) => void);

/** How checks are declared that hold on both servers, and those that Google's emulator is known to fail. */
export interface ServerChecks {
  start(): Promise<StartedServer>;
  /**
   * Declares checks on documented behaviour that Google's emulator lacks. There they must fail: one that begins to pass
   * is reported, so that no stale exception stays.
   */
  unlikeEmulator(reason: string): Declare;
  /** The same for checks that would stop the emulator, wait for it for ever or pass by chance: there they are left out. */
  notOnEmulator(reason: string): Declare;
}

/** The reason stands in the title, where reports and the table of checks find it. */
function withReason(declare: typeof it.failing | typeof it.skip, reason: string): Declare {
  const titled = (title: string) => `${title} [${reason}]`;
  const each = ((table: readonly unknown[]) => {
    const declareRows = declare.each(table as readonly unknown[][]);
    return (title: string, ...rest: unknown[]) => Reflect.apply(declareRows, undefined, [titled(title), ...rest]);
  }) as unknown as Declare['each'];
  return Object.assign(
    (title: string, check: () => Promise<void>, timeoutMs?: number) => declare(titled(title), check, timeoutMs),
    { each },
  );
}

/**
 * Declares the same checks twice: on this server and on Google's emulator. Where that is not installed its checks are
 * skipped, and the title of their group says what would install it.
 */
export function onEachServer(
  emulator: GoogleEmulator,
  startOwn: () => Promise<StartedServer>,
  declareChecks: (checks: ServerChecks) => void,
): void {
  describe('on this server', () => {
    declareChecks({ start: startOwn, unlikeEmulator: () => it, notOnEmulator: () => it });
  });
  const program = findGoogleEmulator(emulator);
  const start = () => startGoogleEmulator(emulator, program ?? '');
  const group = () =>
    declareChecks({
      start,
      unlikeEmulator: (reason) => withReason(it.failing, reason),
      notOnEmulator: (reason) => withReason(it.skip, reason),
    });
  if (program !== null) describe(`on ${emulator.title}`, group);
  else describe.skip(`on ${emulator.title}, not installed: gcloud components install ${emulator.component}`, group);
}
