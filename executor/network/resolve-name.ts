import { Resolver } from 'node:dns/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** The addresses of a name, those to try first in front; empty when it has none. Rejects when nobody could tell. */
export type ResolveName = (name: string) => Promise<readonly string[]>;

export interface ResolverOptions {
  /** Those of the machine when absent. */
  readonly servers?: readonly string[];
  readonly timeoutMs?: number;
  readonly tries?: number;
}

/** How long one answer is waited for once the other has come (RFC 8305 §3). */
const resolutionDelayMs = 50;

const nothingFound = new Set(['ENODATA', 'ENOTFOUND']);

/**
 * Asks the machine's name servers. Not its hosts file and no search domains, in which short names of the executor's
 * surroundings stand; and without the threads that files are read by, which slow names would take up.
 */
export function createNameResolver({ servers, timeoutMs = 2_000, tries = 2 }: ResolverOptions = {}): ResolveName {
  const resolver = new Resolver({ timeout: timeoutMs, tries, maxTimeout: timeoutMs });
  if (servers !== undefined) resolver.setServers(servers);
  return async (name) => {
    const all = [resolver.resolve4(name), resolver.resolve6(name)].map(toAnswer);
    const first = await Promise.race(all);
    const patience = new AbortController();
    const late = delay(resolutionDelayMs, nothing, { signal: patience.signal }).catch(() => nothing);
    const isEnough = first.addresses.length > 0;
    const answers = await Promise.all(isEnough ? all.map((one) => Promise.race([one, late])) : all);
    patience.abort();
    const found = answers.flatMap(({ addresses }) => addresses);
    const failed = answers.find(({ error }) => error !== undefined);
    if (found.length === 0 && failed !== undefined) throw failed.error;
    return found;
  };
}

interface Answer {
  readonly addresses: readonly string[];
  /** Why it is not known whether there are addresses. */
  readonly error?: unknown;
}

const nothing: Answer = { addresses: [] };

const toAnswer = (asked: Promise<string[]>): Promise<Answer> =>
  asked.then(
    (addresses) => ({ addresses }),
    (error: NodeJS.ErrnoException) => (nothingFound.has(error.code ?? '') ? nothing : { addresses: [], error }),
  );
