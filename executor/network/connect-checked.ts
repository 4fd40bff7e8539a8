import { connect, type LookupFunction, type Socket } from 'node:net';
import type { CheckedAddress } from './decide-egress.ts';

export class ConnectTimeout extends Error {}

/**
 * Connects to one of the addresses, which were checked, and to nothing else: no name is looked up any more. Addresses
 * after the first are tried when it does not answer soon (RFC 8305).
 */
export function connectChecked(
  addresses: readonly CheckedAddress[],
  port: number,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Socket> {
  const lookup: LookupFunction = (_name, options, done) => {
    const [first] = addresses;
    if (first === undefined) done(new Error('no address'), '', 4);
    else if (options.all === true) done(null, [...addresses]);
    else done(null, first.address, first.family);
  };
  // "invalid" leads nowhere (RFC 6761): should the look-up above not be asked, no connection is made.
  const socket = connect({
    host: 'checked.invalid',
    port,
    lookup,
    autoSelectFamily: true,
    allowHalfOpen: true,
    noDelay: true,
  });
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      done();
      socket.destroy();
      reject(error);
    };
    const onAbort = () => fail(new Error('the client is gone'));
    const timer = setTimeout(() => fail(new ConnectTimeout(`no connection within ${timeoutMs} ms`)), timeoutMs);
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.off('error', fail);
      // Whoever has the socket hears of its end by 'close'.
      socket.on('error', () => {});
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', fail);
    socket.once('connect', () => {
      done();
      resolve(socket);
    });
    if (signal.aborted) onAbort();
  });
}
