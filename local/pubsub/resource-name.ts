import { invalidArgument } from './refusals.ts';

export type ResourceCollection = 'topics' | 'subscriptions' | 'snapshots';

export interface ResourceName {
  readonly project: string;
  readonly id: string;
}

/** Google's rule for the last segment: a letter, then 2 to 254 letters, digits or `-_.~+%`. */
const idPattern = /^[A-Za-z][A-Za-z0-9\-_.~+%]{2,254}$/;

/** Splits `projects/P/<collection>/ID`; refuses any other form with INVALID_ARGUMENT that names `field`. */
export function parseResourceName(name: string, collection: ResourceCollection, field: string): ResourceName {
  const [prefix, project, middle, id, ...rest] = name.split('/');
  const wellFormed = prefix === 'projects' && middle === collection && rest.length === 0;
  if (!wellFormed || project === undefined || project === '' || id === undefined || !idPattern.test(id)) {
    throw invalidArgument(
      `Invalid ${field} "${name}": the form is projects/{project}/${collection}/{3 to 255 characters}.`,
    );
  }
  return { project, id };
}

/** As `parseResourceName`, for a resource that is about to be created: ids that start with `goog` are Google's own. */
export function parseNewResourceName(name: string, collection: ResourceCollection, field: string): ResourceName {
  const parsed = parseResourceName(name, collection, field);
  if (parsed.id.startsWith('goog'))
    throw invalidArgument(`Invalid ${field} "${name}": an id must not start with "goog".`);
  return parsed;
}

/** The project of `projects/P`. */
export function parseProjectName(name: string): string {
  const [prefix, project, ...rest] = name.split('/');
  if (prefix !== 'projects' || project === undefined || project === '' || rest.length > 0) {
    throw invalidArgument(`Invalid project "${name}": the form is projects/{project}.`);
  }
  return project;
}
