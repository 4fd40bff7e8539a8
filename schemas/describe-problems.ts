import { type Field, fieldAt, isSecret } from './field-at.ts';
import type { SchemaError } from './generated/validators.js';
import { patternRules } from './pattern-rules.ts';
import { quote } from './quote.ts';

/** Enough to correct a message; a hostile one may break thousands of rules. */
const maxProblems = 20;

/**
 * Turns what the validator found into sentences for the publisher: the field, its value where that is no secret, and
 * the rule in human words. Never empty when `errors` is not.
 */
export function describeProblems(errors: readonly SchemaError[], root: object): readonly string[] {
  const sentences = new Set<string>();
  for (const [path, group] of groupByPath(errors)) {
    const field = fieldAt(root, path);
    for (const sentence of describeGroup(group, field)) sentences.add(sentence);
  }
  const all = [...sentences];
  if (all.length <= maxProblems) return all;
  return [...all.slice(0, maxProblems), `and more: ${all.length - maxProblems}`];
}

function groupByPath(errors: readonly SchemaError[]): Map<string, SchemaError[]> {
  const groups = new Map<string, SchemaError[]>();
  for (const error of errors) {
    const group = groups.get(error.instancePath);
    if (group === undefined) groups.set(error.instancePath, [error]);
    else group.push(error);
  }
  return groups;
}

/**
 * All errors of one value. A union reports each branch that failed and itself: only the branches tell what to do, and
 * a branch that allows null is a remark to the others.
 */
function describeGroup(group: readonly SchemaError[], field: Field): readonly string[] {
  const mayBeNull = group.some(isNullBranch);
  const alternatives = alternativesIn(group);
  const others = group.filter((error) => isNullBranch(error) || isOtherBranch(error, group, field.value));
  const plain = group.filter((error) => !isEcho(error) && !others.includes(error) && !alternatives.includes(error));
  const orElse = mayBeNull ? ', or null' : others.some(isObjectBranch) ? ', or an object' : '';
  const sentences = plain.map((error) => describe(error, field) + (saysMust(error) ? orElse : ''));
  if (alternatives.length === 0) return sentences;
  const [first, ...more] = alternatives.map((error) => field.child(String(error.params.missingProperty)));
  return [...sentences, `${first} is required (or ${more.join(', ')})`];
}

const isNullBranch = (error: SchemaError): boolean => error.keyword === 'type' && error.params.type === 'null';

const isObjectBranch = (error: SchemaError): boolean => error.keyword === 'type' && error.params.type === 'object';

/** Of a union of words and an object, the branch that the value does not mean. */
function isOtherBranch(error: SchemaError, group: readonly SchemaError[], value: unknown): boolean {
  const isWord = ({ keyword, schemaPath }: SchemaError) => keyword === 'enum' && /\/oneOf\/\d+\/enum$/.test(schemaPath);
  if (!group.some(isWord) || group.some(isNullBranch)) return false;
  return typeof value === 'object' && value !== null ? isWord(error) : isObjectBranch(error);
}

const saysMust = ({ keyword }: SchemaError): boolean => keyword !== 'required' && keyword !== 'additionalProperties';

/** Errors that repeat what another error of the same value says better. */
const isEcho = ({ keyword, params }: SchemaError): boolean =>
  keyword === 'propertyNames' || keyword === 'discriminator' || (keyword === 'oneOf' && params.passingSchemas === null);

/** Fields of which one must be there: each is asked for by a branch of its own. */
function alternativesIn(group: readonly SchemaError[]): readonly SchemaError[] {
  const required = group.filter((error) => /\/oneOf\/\d+\/required$/.test(error.schemaPath));
  return new Set(required.map((error) => error.schemaPath)).size > 1 ? required : [];
}

function describe(error: SchemaError, field: Field): string {
  const { keyword, params } = error;
  if (error.propertyName !== undefined) {
    return `${field.name} name ${quote(error.propertyName)} must ${ruleOf(error, field)}`;
  }
  switch (keyword) {
    case 'required':
      return `${field.child(String(params.missingProperty))} is required`;
    case 'additionalProperties':
      return `unknown field ${quote(String(params.additionalProperty))}${field.isRoot ? '' : ` in ${field.name}`}`;
    case 'oneOf':
      return `${field.isRoot ? 'the message' : field.name} must have exactly one of ${exclusivePairs(field.value)}`;
    default:
      return `${field.name} ${isSecret(field.path) ? '' : shownValue(field.value)}must ${ruleOf(error, field)}`;
  }
}

function ruleOf({ keyword, params }: SchemaError, field: Field): string {
  const limit = String(params.limit);
  switch (keyword) {
    case 'pattern':
      return patternRules[String(params.pattern)] ?? `match ${String(params.pattern)}`;
    case 'type':
      return `be ${articled([params.type].flat().join(' or '))}`;
    case 'enum':
      return `be one of ${(params.allowedValues as readonly unknown[]).map((value) => JSON.stringify(value)).join(', ')}`;
    case 'const':
      return `be ${JSON.stringify(params.allowedValue)}`;
    case 'minimum':
      return `be at least ${limit}`;
    case 'maximum':
      return `be at most ${limit}`;
    case 'minLength':
      return limit === '1' ? 'not be empty' : `have at least ${limit} characters`;
    case 'maxLength':
      return `have at most ${limit} characters`;
    case 'minItems':
      return limit === '1' ? 'not be empty' : `have at least ${limit} entries`;
    case 'maxItems':
      return `have at most ${limit} entries`;
    case 'minProperties':
    case 'maxProperties':
      return limit === '1' ? 'have exactly one of text, base64 and ref' : `have at most ${limit} entries`;
    default:
      return `keep the rule "${keyword}" of ${field.name}'s schema`;
  }
}

const articled = (type: string) => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);

/** The value and a space, or nothing where it says less than the rule does. */
function shownValue(value: unknown): string {
  if (typeof value === 'string') return `${quote(value)} `;
  return typeof value === 'number' || typeof value === 'boolean' || value === null ? `${value} ` : '';
}

/** Fields that come as a value or as a pointer are called x and xRef. */
function exclusivePairs(value: unknown): string {
  const names = Object.keys(Object(value));
  if (names.includes('host')) return 'host and cidr';
  const pairs = names.filter((name) => names.includes(`${name}Ref`));
  return pairs.map((name) => `${name} and ${name}Ref`).join(', ');
}
