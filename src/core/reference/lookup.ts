import { embeddedType, itemType, type Field, type Kind, type Message, type Reference } from './model.ts';

type Path = readonly (string | number)[];

/** The place of a path in the API. */
export interface FieldPlace {
  readonly kind: Kind;
  /** The field the path leads to, or the nearest one above: a map's own field for its keys. */
  readonly field: Field | undefined;
  /** The type at the path: an item's for an item of a list. */
  readonly type: string;
  /** The message that the value has to be, if it is one. */
  readonly message: Message | undefined;
  /** False where the API has no such field, and for all below it. */
  readonly known: boolean;
  /** The section that explains it; never empty. */
  readonly section: string;
}

/** Splits `networking.istio.io/v1` in group and version; a core version such as `v1` has the group ``. */
export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** The kind of a document, by the group of its `apiVersion`; the version does not matter. */
export function findKind(reference: Reference, apiVersion: string, kind: string): Kind | undefined {
  const { group } = splitApiVersion(apiVersion);
  return reference.kinds.find((candidate) => candidate.kind === kind && candidate.group === group && candidate.versions.length > 0);
}

/** A walk down the messages of a kind, one path segment at a time. */
interface Walk {
  type: string;
  field: Field | undefined;
  known: boolean;
  section: string;
  fixed: boolean;
}

function step(reference: Reference, walk: Walk, segment: string | number): Walk {
  if (!walk.known || segment === '<<' || walk.type === 'any') return walk;
  const item = itemType(walk.type);
  if (typeof segment === 'number') return item?.container === 'list' ? { ...walk, type: item.of } : { ...walk, known: false };
  if (item?.container === 'map') return { ...walk, type: item.of };
  const message = reference.messages[embeddedType(walk.type) ?? walk.type];
  const field = message && Object.hasOwn(message.fields, segment) ? message.fields[segment] : undefined;
  if (!field) return message?.open === undefined ? { ...walk, known: false } : { ...walk, type: message.open };
  const own = walk.fixed ? undefined : (field.within ?? field.section);
  return {
    type: field.type,
    field,
    known: true,
    section: own ?? walk.section,
    fixed: walk.fixed || field.within !== undefined,
  };
}

function start(kind: Kind): Walk {
  return { type: kind.root, field: undefined, known: true, section: kind.section, fixed: false };
}

function placeOf(reference: Reference, kind: Kind, { type, field, known, section }: Walk): FieldPlace {
  return { kind, field, type, message: reference.messages[type], known, section };
}

/** Follows a path from a document's root through the API of its kind. */
export function findField(reference: Reference, kind: Kind, path: Path): FieldPlace {
  return placeOf(reference, kind, path.reduce((walk, segment) => step(reference, walk, segment), start(kind)));
}

/** A path with the indices that a person left out: `spec.http.retries` becomes `spec.http[0].retries`. */
export function completePath(reference: Reference, kind: Kind, path: Path): Path {
  const complete: (string | number)[] = [];
  let walk = start(kind);
  for (const segment of path) {
    while (typeof segment === 'string' && itemType(walk.type)?.container === 'list') {
      complete.push(0);
      walk = step(reference, walk, 0);
    }
    complete.push(segment);
    walk = step(reference, walk, segment);
  }
  return complete;
}

/** The key that stands for any key of a free map in the paths of {@link fieldsOf}. */
export const ANY_KEY = '*';

/**
 * Every field of a kind with its place, parents first: index 0 for the items of lists, {@link ANY_KEY} for the keys of
 * maps. A message inside itself is not entered again.
 */
export function* fieldsOf(reference: Reference, kind: Kind): Iterable<[Path, FieldPlace]> {
  function* below(path: Path, walk: Walk, open: readonly string[]): Iterable<[Path, FieldPlace]> {
    const item = itemType(walk.type);
    if (item) {
      const segment = item.container === 'list' ? 0 : ANY_KEY;
      return yield* below([...path, segment], step(reference, walk, segment), open);
    }
    const type = embeddedType(walk.type) ?? walk.type;
    const message = reference.messages[type];
    if (!message || open.includes(type)) return;
    for (const name of Object.keys(message.fields)) {
      const here = [...path, name];
      const next = step(reference, walk, name);
      yield [here, placeOf(reference, kind, next)];
      yield* below(here, next, [...open, type]);
    }
  }
  yield* below([], start(kind), []);
}
