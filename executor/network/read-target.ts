import { formatIpAddress, parseIpAddress } from '../../execution/ip-address.ts';

/** Where a command wants to connect to, as it wrote it, and what that means. */
export interface EgressTarget {
  /** As it stands in refusals: printable, small letters, bounded. */
  readonly shown: string;
  readonly host: TargetHost;
  readonly port: number;
}

export type TargetHost =
  | { readonly kind: 'address'; readonly address: string }
  /** Small letters, without a dot at the end. */
  | { readonly kind: 'name'; readonly name: string }
  /** Neither: programs disagree about what it means, so nothing is connected to. */
  | { readonly kind: 'unclear'; readonly why: string };

const nameForm = /^(?=.{1,253}$)(?!.*\.\.)(?!.*[^.]{64})[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?$/;

/** Labels that inet_aton(3) and browsers read as a number: "127.1", "0x7f.0.0.1", "0177.1" and "2130706433" end in one. */
const numericLabel = /^(?:[0-9]+|0x[0-9a-f]*)$/;

/**
 * Reads the authority of a CONNECT or of an absolute URL: "host:port", "[v6]:port"; `defaultPort` where it has none.
 * Null: it is not of that form at all, or has credentials in it.
 */
export function readTarget(authority: string, defaultPort: number | null): EgressTarget | null {
  if (authority.length > 300 || /[^\x21-\x7e]|[@/\\?#]/.test(authority)) return null;
  const parts = /^(\[[^[\]]*\]|[^[\]:]*)(?::([0-9]{1,5}))?$/.exec(authority);
  if (parts === null) return null;
  const [, written = '', digits] = parts;
  const port = digits === undefined ? defaultPort : Number(digits);
  if (written === '' || port === null || port > 65_535) return null;
  const shown = written
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .slice(0, 253);
  return { shown, host: readHost(written.toLowerCase()), port };
}

function readHost(written: string): TargetHost {
  if (written.startsWith('[')) {
    const address = parseIpAddress(written.slice(1, -1));
    if (address?.family === 6) return { kind: 'address', address: formatIpAddress(address) };
    return { kind: 'unclear', why: 'it is not an IPv6 address; zones have no meaning here' };
  }
  const address = parseIpAddress(written);
  if (address !== null) return { kind: 'address', address: formatIpAddress(address) };
  const name = written.replace(/\.$/, '');
  if (numericLabel.test(name.split('.').at(-1) ?? '')) {
    return { kind: 'unclear', why: 'an address is four decimal numbers or an IPv6 address in brackets' };
  }
  if (!nameForm.test(name)) return { kind: 'unclear', why: 'it is not the name of a host' };
  return { kind: 'name', name };
}
