import type protobuf from 'protobufjs';

export interface Route {
  readonly verb: string;
  readonly pattern: RegExp;
  /** Paths of the request's fields that the pattern captures, in order. */
  readonly captured: readonly string[];
  /** Field that the body is; `*`: the body is the request; null: there is no body. */
  readonly body: string | null;
  readonly service: string;
  readonly method: string;
}

const verbs = ['get', 'post', 'patch', 'delete'];
const operation = '{name=projects/*/locations/*/operations/*}';

/** The protos map operations to another path than the one at which Cloud Run serves them. */
const operationRules: readonly (readonly [method: string, verb: string, template: string])[] = [
  ['GetOperation', 'get', `/v2/${operation}`],
  ['DeleteOperation', 'delete', `/v2/${operation}`],
  ['WaitOperation', 'post', `/v2/${operation}:wait`],
  ['ListOperations', 'get', '/v2/{name=projects/*/locations/*}/operations'],
];

/** Routes of a service from the HTTP rules in its schema, the longest first so that `…:run` is found before `…`. */
export function routesOf(services: readonly protobuf.Service[]): Route[] {
  const declared = services.flatMap((service) =>
    service.methodsArray.flatMap((method) =>
      verbs.flatMap((verb) => {
        const template = method.options?.[`(google.api.http).${verb}`];
        const body = method.options?.['(google.api.http).body'];
        if (typeof template !== 'string' || !template.startsWith('/v2/')) return [];
        return [{ service, method: method.name, verb, template, body: typeof body === 'string' ? body : null }];
      }),
    ),
  );
  const longrunning = services.filter(({ name }) => name === 'Operations');
  const operations = longrunning.flatMap((service) =>
    operationRules.map(([method, verb, template]) => ({
      ...{ service, method, verb, template },
      body: verb === 'post' ? '*' : null,
    })),
  );
  return [...declared, ...operations]
    .sort((a, b) => b.template.length - a.template.length)
    .map(({ service, method, verb, template, body }) => ({
      ...compileTemplate(template),
      ...{ verb: verb.toUpperCase(), body, service: service.fullName.slice(1), method },
    }));
}

/** `{field=a/*}` captures; `*` stands for one part of the path. Behind a colon at the end stands a method. */
export function compileTemplate(template: string): Pick<Route, 'pattern' | 'captured'> {
  const captured: string[] = [];
  const source = template.replaceAll(
    /\{(?<field>[\w.]+)=(?<glob>[^}]+)\}(?=(?<next>.?))|[.:]/g,
    (part, field, glob, next) => {
      if (field === undefined) return `\\${part}`;
      captured.push(field);
      const last = next === '/' ? glob : glob.replace(/\*$/, '[^/:]+');
      return `(${last.replaceAll('*', '[^/]+')})`;
    },
  );
  return { pattern: new RegExp(`^${source}$`), captured };
}
