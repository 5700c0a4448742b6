import type { Field, Kind } from '../reference/model.ts';
import type { Span } from '../base/text.ts';
import { formatPath, type Path } from '../yaml/path.ts';
import type { LanguageContext } from './context.ts';
import { apiPlaceAt, type ApiPlace } from './place.ts';

/** What a hover says, as data; the host makes Markdown of it. */
export type Hover = FieldHover | KindHover | VersionHover;

interface HoverBase {
  /** The text it speaks of, in the file. */
  readonly span: Span;
  readonly section: string;
  /** The title of the section, with its chapter's. */
  readonly sectionTitle: string;
  readonly chapterTitle: string;
}

export interface FieldHover extends HoverBase {
  readonly type: 'field';
  readonly name: string;
  /** `DestinationRule.spec.trafficPolicy.outlierDetection`. */
  readonly path: string;
  readonly field: Field;
  /** The value under the cursor, where the field is an enumeration and knows it. */
  readonly value?: { readonly name: string; readonly doc: string };
}

export interface KindHover extends HoverBase {
  readonly type: 'kind';
  readonly kind: Kind;
}

export interface VersionHover extends HoverBase {
  readonly type: 'version';
  readonly kind: Kind;
  /** What the document writes, such as `v1alpha3`. */
  readonly version: string;
}

/**
 * What the API and the book say of the key or value under an offset.
 * @param source the file's text, or just the document around the offset
 * @returns undefined where there is nothing to say: other kinds, unknown fields, blanks
 */
export function hover(context: LanguageContext, source: string, offset: number): Hover | undefined {
  const place = apiPlaceAt(context.reference, source, offset);
  if (!place?.api.known) return undefined;
  const section = context.section(place.api.section);
  const base: HoverBase = {
    span: place.span,
    section: place.api.section,
    sectionTitle: section?.title ?? '',
    chapterTitle: section?.chapter ?? '',
  };
  if (place.path.length === 1) {
    if (place.path[0] === 'kind') return { ...base, type: 'kind', kind: place.api.kind };
    if (place.path[0] === 'apiVersion') return versionHover(base, place);
  }
  return fieldHover(base, place);
}

function versionHover(base: HoverBase, place: ApiPlace): VersionHover {
  const version = (place.scalar ?? '').replace(/^.*\//, '');
  return { ...base, type: 'version', kind: place.api.kind, version };
}

function fieldHover(base: HoverBase, place: ApiPlace): FieldHover | undefined {
  const { field, kind } = place.api;
  if (!field) return undefined;
  const doc = place.scalar === undefined ? undefined : field.enum?.[place.scalar];
  const last = lastName(place.path);
  return {
    ...base,
    type: 'field',
    name: last,
    path: `${kind.kind}.${pathForPeople(place.path)}`,
    field,
    ...(doc === undefined ? {} : { value: { name: place.scalar!, doc } }),
  };
}

function lastName(path: Path): string {
  return String(path.findLast((segment) => typeof segment === 'string') ?? '');
}

/** A path without indices, as people name a field. */
export function pathForPeople(path: Path): string {
  return formatPath(path.filter((segment) => typeof segment === 'string'));
}
