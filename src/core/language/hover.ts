import type { FieldPlace } from '../reference/lookup.ts';
import type { Field, Kind } from '../reference/model.ts';
import type { Span } from '../base/text.ts';
import { formatPath, type Path } from '../yaml/path.ts';
import type { LanguageContext } from './context.ts';
import { apiPlaceAt } from './place.ts';

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
  const { api, path, span, scalar } = place;
  if (path.length === 1 && path[0] === 'kind' && !api.kind.foreign) return kindHover(context, api.kind, span);
  if (path.length === 1 && path[0] === 'apiVersion' && !api.kind.foreign) return versionHover(context, api.kind, (scalar ?? '').replace(/^.*\//, ''), span);
  return fieldHover(context, api, path, span, scalar);
}

/** What the API says of a kind. */
export function kindHover(context: LanguageContext, kind: Kind, span: Span): KindHover {
  return { ...base(context, kind.section, span), type: 'kind', kind };
}

/** What the API says of a version of a kind, such as `v1alpha3`. */
export function versionHover(context: LanguageContext, kind: Kind, version: string, span: Span): VersionHover {
  return { ...base(context, kind.section, span), type: 'version', kind, version };
}

/** What the API says of a field, and of one of its values first. */
export function fieldHover(context: LanguageContext, api: FieldPlace, path: Path, span: Span, value?: string): FieldHover | undefined {
  const { field, kind } = api;
  if (!field || field.doc === '') return undefined;
  const doc = value === undefined || !field.enum || !Object.hasOwn(field.enum, value) ? undefined : field.enum[value];
  return {
    ...base(context, api.section, span),
    type: 'field',
    name: lastName(path),
    path: `${kind.kind}.${pathForPeople(path)}`,
    field,
    ...(doc === undefined ? {} : { value: { name: value!, doc } }),
  };
}

function base(context: LanguageContext, section: string, span: Span): HoverBase {
  const found = context.section(section);
  return { span, section, sectionTitle: found?.title ?? '', chapterTitle: found?.chapter ?? '' };
}

function lastName(path: Path): string {
  return String(path.findLast((segment) => typeof segment === 'string') ?? '');
}

/** A path without indices, as people name a field. */
export function pathForPeople(path: Path): string {
  return formatPath(path.filter((segment) => typeof segment === 'string'));
}
