/** A process that dies between two effects, as ports see it. */
export class Crash extends Error {}

/**
 * The same ports, but the process dies right after call number `at` (1 is the first) has taken effect: that call and
 * every later one reject. What only reads the clock or makes ids does not count.
 */
export function crashAfterCall<Ports extends object>(
  ports: Ports,
  at: number,
  uncounted: readonly (keyof Ports)[],
): Ports {
  let calls = 0;
  return new Proxy(ports, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== 'function' || uncounted.includes(name as keyof Ports)) return value;
      return async (...args: readonly unknown[]) => {
        calls += 1;
        if (calls > at) throw new Crash(`dead since call ${at}`);
        const result = await value.apply(target, args);
        if (calls === at) throw new Crash(`died after call ${at} (${String(name)})`);
        return result;
      };
    },
  });
}
