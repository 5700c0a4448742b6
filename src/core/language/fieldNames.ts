import type { FieldName } from '../book/search.ts';
import { fieldsOf } from '../reference/lookup.ts';
import type { Reference } from '../reference/model.ts';
import { pathForPeople } from './hover.ts';

/** The names of all fields below `spec`, for search; a name that several places of a section share is given once. */
export function* fieldNames(reference: Reference): Iterable<FieldName> {
  for (const kind of reference.kinds) {
    const seen = new Set<string>();
    for (const [path, { section }] of fieldsOf(reference, kind)) {
      const name = String(path.at(-1));
      if (path[0] !== 'spec' || path.length < 2 || seen.has(`${name} ${section}`)) continue;
      seen.add(`${name} ${section}`);
      yield { name, section, path: `${kind.kind}.${pathForPeople(path)}` };
    }
  }
}
