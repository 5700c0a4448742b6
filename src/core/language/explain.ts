import { completePath, findField, type FieldPlace } from '../reference/lookup.ts';
import type { Kind } from '../reference/model.ts';
import { formatPath, parsePath, type Path } from '../yaml/path.ts';
import type { LanguageContext } from './context.ts';

/** What a place in the API means. */
export interface Explanation {
  readonly kind: Kind;
  /** From the document's root, with the indices that lists need; empty for the kind itself. */
  readonly path: Path;
  readonly place: FieldPlace;
}

/**
 * Explains a place such as `DestinationRule.spec.trafficPolicy.outlierDetection`; indices may be left out, and
 * `networking.istio.io/Gateway.spec` picks the group where two kinds share a name.
 * @returns one explanation for each group that has such a place; none where it does not exist
 */
export function explain(context: LanguageContext, place: string): Explanation[] {
  const slash = place.indexOf('/');
  const group = slash < 0 ? undefined : place.slice(0, slash);
  const [name = '', ...rest] = place.slice(slash + 1).split(/(?=[.[])/);
  const path = parsePath(rest.join('').replace(/^\./, ''));
  if (!path) return [];
  return context.reference.kinds
    .filter((kind) => kind.kind.toLowerCase() === name.toLowerCase() && (group === undefined || kind.group === group))
    .map((kind) => {
      const complete = completePath(context.reference, kind, path);
      return { kind, path: complete, place: findField(context.reference, kind, complete) };
    })
    .filter(({ place: found }) => found.known);
}

/** The line of `explain --json`. */
export interface ExplanationRecord {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  readonly default: string | number | boolean | null;
  readonly unit: string | null;
  readonly enum: readonly string[] | null;
  readonly since: string | null;
  readonly doc: string;
  readonly section: string;
}

/** An explanation as plain data, in the keys that scripts rely on. */
export function explanationRecord({ kind, path, place }: Explanation): ExplanationRecord {
  const field = path.length > 0 ? place.field : undefined;
  return {
    group: kind.group,
    version: currentVersion(kind),
    kind: kind.kind,
    path: formatPath(path),
    type: path.length > 0 ? typeName(place.type) : kind.kind,
    required: field?.required ?? false,
    default: field?.default ?? null,
    unit: field?.unit ?? null,
    enum: field?.enum ? Object.keys(field.enum) : null,
    since: field?.since ?? null,
    doc: field?.doc ?? kind.doc,
    section: place.section,
  };
}

/** A type as people read it: without the kind that a message belongs to. */
export function typeName(type: string): string {
  return type.replace(/[A-Za-z0-9.-]*\/\w+#/g, '');
}

/** The version to write: the newest that is served; empty for configuration that has none of its own. */
export function currentVersion(kind: Kind): string {
  return (kind.versions.find((version) => version.served) ?? kind.versions[0])?.name ?? '';
}

/** What a document of this kind writes as `apiVersion`; for configuration inside others the package it is defined in. */
export function currentApiVersion(kind: Kind): string {
  return [kind.group, currentVersion(kind)].filter((part) => part !== '').join('/');
}
