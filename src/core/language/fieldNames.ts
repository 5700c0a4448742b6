import type { FieldName } from '../book/search.ts';
import { fieldsOf } from '../reference/lookup.ts';
import type { Reference } from '../reference/model.ts';
import { pathForPeople } from './hover.ts';

/**
 * The names of all fields, labels and annotations, for search; a name that several places of a section share is given
 * once. Configuration that stands in several kinds is named by itself: `MeshConfig.accessLogFile`.
 */
export function* fieldNames(reference: Reference): Iterable<FieldName> {
  const embedded = reference.kinds.filter(({ versions }) => versions.length === 0);
  const seen = new Set<string>();
  for (const kind of [...embedded, ...reference.kinds.filter(({ versions }) => versions.length > 0)]) {
    for (const [path, { section }] of fieldsOf(reference, kind)) {
      const name = String(path.at(-1));
      const wanted = embedded.includes(kind) || (path[0] === 'spec' && path.length > 1 && !kind.foreign) || name.includes('istio.io/');
      if (!wanted || seen.has(`${name} ${section}`)) continue;
      seen.add(`${name} ${section}`);
      yield { name, section, path: `${kind.kind}.${pathForPeople(path)}` };
    }
  }
}
