/** Where the proxy listens behind the wall. The network there is the sandbox's own, so that no other port can be in the way. */
export const proxyPort = 3128;

/** How programs find the proxy. Some read the small names only, some the large ones. */
export function proxyEnvironment(port: number = proxyPort): Record<string, string> {
  const url = `http://127.0.0.1:${port}`;
  const values = { http_proxy: url, https_proxy: url, all_proxy: url, no_proxy: 'localhost,127.0.0.1,::1' };
  const large = Object.entries(values).map(([name, value]) => [name.toUpperCase(), value]);
  return { ...values, ...Object.fromEntries(large) };
}
