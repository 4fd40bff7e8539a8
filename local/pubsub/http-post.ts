import http from 'node:http';
import https from 'node:https';
import type { PushRequest } from './push-request.ts';

/** Statuses that acknowledge a push; 102 is an interim answer and counts as soon as it comes. */
const successes: readonly number[] = [102, 200, 201, 202, 204];

export interface HttpPoster {
  /** Whether the endpoint acknowledged. False for other statuses, for a broken connection, and when aborted. */
  post(request: PushRequest, signal: AbortSignal): Promise<boolean>;
  close(): void;
}

/** Posts over kept connections. */
export function createHttpPoster(): HttpPoster {
  const agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) };
  let closed = false;
  return {
    post: ({ url, headers, body }, signal) =>
      new Promise((resolve) => {
        if (closed) {
          resolve(false);
          return;
        }
        const secure = url.startsWith('https:');
        const request = (secure ? https : http).request(url, {
          method: 'POST',
          agent: secure ? agents.https : agents.http,
          headers: { 'user-agent': 'CloudPubSub-Google', ...headers, 'content-length': body.length },
          signal,
        });
        request.on('information', ({ statusCode }) => {
          if (successes.includes(statusCode)) resolve(true);
        });
        request.on('response', (response) => {
          // The status decides; a body that breaks off changes nothing.
          response.on('error', () => {}).resume();
          resolve(successes.includes(response.statusCode ?? 0));
        });
        request.on('error', () => resolve(false));
        request.end(body);
      }),
    close() {
      closed = true;
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}
