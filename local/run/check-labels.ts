import { invalidArgument } from './refusals.ts';

type Texts = Readonly<Record<string, string>>;

const mostLabels = 64;
/** https://cloud.google.com/resource-manager/docs/creating-managing-labels: letters of any script without upper case. */
const labelKey = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const labelValue = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;

/** Kubernetes' rules, which Cloud Run takes for annotations: an optional DNS subdomain, and a name. */
const annotationName = /^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/i;
const annotationPrefix = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const mostAnnotationBytes = 256 * 1024;

const reservedNamespaces = [
  'run.googleapis.com',
  'cloud.googleapis.com',
  'serving.knative.dev',
  'autoscaling.knative.dev',
];

/** Throws INVALID_ARGUMENT unless these are labels that Google Cloud takes. */
export function checkLabels(field: string, labels: Texts): void {
  const entries = Object.entries(labels);
  if (entries.length > mostLabels) {
    throw invalidArgument(field, `at most ${mostLabels} are allowed, not ${entries.length}`);
  }
  for (const [key, value] of entries) {
    checkNamespace(field, key);
    if (!labelKey.test(key)) {
      throw invalidArgument(
        field,
        `the key '${key}' must begin with a lower-case letter and have at most 63 lower-case letters, digits, '_' and '-'`,
      );
    }
    if (!labelValue.test(value)) {
      throw invalidArgument(
        `${field}.${key}`,
        `'${value}' must have at most 63 lower-case letters, digits, '_' and '-'`,
      );
    }
  }
}

/** Throws INVALID_ARGUMENT unless these are annotations that Kubernetes takes. */
export function checkAnnotations(field: string, annotations: Texts): void {
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    checkNamespace(field, key);
    const [name = '', prefix, ...more] = key.split('/').reverse();
    if (more.length > 0 || !annotationName.test(name) || (prefix !== undefined && !annotationPrefix.test(prefix))) {
      throw invalidArgument(
        field,
        `the key '${key}' must be a name of at most 63 letters, digits, '-', '_' and '.', after a DNS subdomain and '/' if any`,
      );
    }
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (bytes > mostAnnotationBytes) {
    throw invalidArgument(field, `must have at most ${mostAnnotationBytes} bytes together, not ${bytes}`);
  }
}

function checkNamespace(field: string, key: string): void {
  const given = key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
  const namespace = reservedNamespaces.find((reserved) => given === reserved || given.endsWith(`.${reserved}`));
  if (namespace !== undefined) throw invalidArgument(field, `'${key}' is in the reserved namespace ${namespace}`);
}
