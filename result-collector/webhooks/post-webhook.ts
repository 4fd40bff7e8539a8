import { lookup as resolve } from 'node:dns/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { PostResult, WebhookPost } from './ports.ts';
import { mayReceiveWebhooks } from './public-address.ts';

export type Resolve = (hostname: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

const resolveAll: Resolve = (hostname) => resolve(hostname, { all: true });

class RefusedAddress extends Error {}

/**
 * Sends one webhook. The addresses of the host are checked after they were resolved, all of them, and the connection is
 * made to one that was checked: a name that leads elsewhere the next time changes nothing. Redirects are answers like
 * others and are not followed. Of the answer only the status is read. Never rejects.
 */
export async function postWebhook(post: WebhookPost, resolveHost: Resolve = resolveAll): Promise<PostResult> {
  const why = whyUrlIsRefused(post.url, post.allowLoopback);
  if (why !== null) return { kind: 'refused', why };
  const url = new URL(post.url);
  try {
    return { kind: 'answered', status: await send(url, post, checkedLookup(post, resolveHost)) };
  } catch (error) {
    if (error instanceof RefusedAddress) return { kind: 'refused', why: error.message };
    return { kind: 'failed', why: error instanceof Error ? error.message : String(error) };
  }
}

/** What of a URL is wrong before anything is looked up; null for nothing. */
export function whyUrlIsRefused(text: string, allowLoopback: boolean): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) return 'it is not a URL';
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowLoopback)) {
    return `${url.protocol} is not https:`;
  }
  if (url.username !== '' || url.password !== '') return 'the URL has credentials';
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  // A literal address is never looked up.
  const isRefused = isIP(hostname) !== 0 && !mayReceiveWebhooks(hostname, allowLoopback);
  return isRefused ? whyRefused(hostname) : null;
}

const whyRefused = (address: string) => `${address} is not an address of the internet`;

const checkedLookup =
  ({ allowLoopback }: WebhookPost, resolveHost: Resolve): LookupFunction =>
  (hostname, options, done) => {
    resolveHost(hostname).then(
      (found) => {
        const bad = found.find(({ address }) => !mayReceiveWebhooks(address, allowLoopback));
        const [first] = found;
        if (bad !== undefined) done(new RefusedAddress(whyRefused(bad.address)), '', 4);
        else if (first === undefined) done(new Error(`${hostname} has no address`), '', 4);
        else if (options.all === true) done(null, [...found]);
        else done(null, first.address, first.family);
      },
      (error: Error) => done(error, '', 4),
    );
  };

function send(url: URL, { headers, body, timeoutMs }: WebhookPost, lookup: LookupFunction): Promise<number> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: 'POST', headers: { ...headers, 'content-length': body.byteLength }, lookup, signal, agent: false },
      (response) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      },
    );
    sent.on('error', (error) => reject(signal.aborted ? new Error(`no answer within ${timeoutMs} ms`) : error));
    sent.end(body);
  });
}
