import type { Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { formatIpAddress, parseIpAddress } from '../../execution/ip-address.ts';
import type { RaisedWall, Wall, WallFolders } from '../walls/wall.ts';
import { classifyAddress } from './classify-address.ts';
import { proofName, proveEgress } from './prove-egress.ts';
import { createNameResolver } from './resolve-name.ts';
import { type EgressOptions, type EgressProxy, serveEgress } from './serve-egress.ts';

/** The proxy of a wall that is being raised. */
export interface OpeningEgress {
  readonly proxy: Promise<EgressProxy>;
  /** To be called with the socket that listens behind the wall. */
  onListening(listener: Server): void;
  /** Rejects with `wall/unavailable` when the proxy lets out what it must not, or is not the only way out. */
  prove(kind: Wall['kind'], raised: Pick<RaisedWall, 'run'>, folders: Pick<WallFolders, 'pipes'>): Promise<void>;
}

export function openEgress(options: EgressOptions = optionsOfProduction()): OpeningEgress {
  const { promise, resolve } = Promise.withResolvers<EgressProxy>();
  const resolveName: EgressOptions['resolve'] = async (name) =>
    name === proofName ? ['169.254.169.254'] : await options.resolve(name);
  return {
    proxy: promise,
    onListening: (listener) => resolve(serveEgress(listener, { ...options, resolve: resolveName })),
    prove: async (kind, raised, folders) => await proveEgress(kind, raised, folders, await promise),
  };
}

/** How the proxy of every sandbox decides: nothing of it can be configured. */
function optionsOfProduction(): EgressOptions {
  return {
    classify: classifyAddress,
    resolve: createNameResolver(),
    ownAddresses,
    resolveMs: 5_000,
    connectMs: 10_000,
    headMs: 10_000,
    maxConnections: 128,
  };
}

function ownAddresses(): ReadonlySet<string> {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return new Set(
    all.flatMap(({ address }) => {
      const parsed = parseIpAddress(address.replace(/%.*$/, ''));
      return parsed === null ? [] : [formatIpAddress(parsed)];
    }),
  );
}
