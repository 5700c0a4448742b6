import { findField, type FieldPlace } from '../reference/lookup.ts';
import { embeddedType, type Kind, type Reference } from '../reference/model.ts';
import type { Span } from '../base/text.ts';
import { documentAt } from '../yaml/documents.ts';
import { blockScalarAt, embeddedText, type EmbeddedText } from '../yaml/embedded.ts';
import type { Path } from '../yaml/path.ts';
import { placeAt, readDocument, type Place, type YamlDocument } from '../yaml/parse.ts';
import { scanPlace } from '../yaml/scan.ts';
import { resourcesOf, scannedKind } from './documents.ts';

/** A place in the text of a file, with what the API says of it. Offsets are those of the file's text. */
export interface ApiPlace extends Place {
  readonly api: FieldPlace;
}

/** Above this many characters the lines are asked before the tree: about 2,000 lines of YAML. */
const LARGE_DOCUMENT = 60_000;

/**
 * What lies under an offset: the indentation answers in plain and in large documents, the tree where that may misread
 * them, and the indentation again where the tree is broken.
 */
export function apiPlaceAt(reference: Reference, source: string, offset: number): ApiPlace | undefined {
  const span = documentAt(source, offset);
  if (offset < span.start) return undefined;
  const text = source.slice(span.start, span.end);
  const found = inDocument(reference, text, offset - span.start);
  return found ? { ...found, span: shift(found.span, span.start) } : undefined;
}

function inDocument(reference: Reference, text: string, offset: number): ApiPlace | undefined {
  const block = embeddedBlockAt(reference, text, offset);
  if (block) return inEmbedded(reference, block, offset);
  const found =
    text.length > LARGE_DOCUMENT
      ? (byLines(reference, text, offset) ?? byTree(reference, readDocument(text), offset))
      : inSmall(reference, text, offset);
  if (found?.on !== 'value' || !embeddedType(found.api.type) || found.scalar === undefined) return found;
  const embedded = embeddedText(text, found.span, found.scalar);
  return embedded.exact ? (inEmbedded(reference, { ...embedded, kind: found.api.kind, path: found.path }, offset) ?? found) : found;
}

/** Configuration that stands as text in a document of another kind: where, and at which path of it. */
export interface EmbeddedPlace extends EmbeddedText {
  readonly kind: Kind;
  readonly path: Path;
}

/** The embedded configuration whose block scalar an offset lies in; undefined in other block scalars and outside. */
export function embeddedBlockAt(reference: Reference, text: string, offset: number): EmbeddedPlace | undefined {
  const block = blockScalarAt(text, offset);
  const key = block && byLines(reference, text, block.key);
  if (!key || !embeddedType(key.api.type)) return undefined;
  const { start, end } = block.lines;
  return { text: text.slice(start, end), start, exact: true, kind: key.api.kind, path: key.path };
}

function inEmbedded(reference: Reference, embedded: EmbeddedPlace, offset: number): ApiPlace | undefined {
  const { text, start, kind, path } = embedded;
  const local = offset - start;
  const document = NOT_PLAIN.test(text) ? readDocument(text) : undefined;
  const place = document && !document.broken ? placeAt(document.root, local) : scanPlace(text, local);
  if (!place) return undefined;
  const whole = [...path, ...place.path];
  return { ...place, path: whole, span: shift(place.span, start), api: findField(reference, kind, whole) };
}

function shift(span: Span, by: number): Span {
  return { start: span.start + by, end: span.end + by };
}

/** What the indentation alone may misread: flow collections and quotes over several lines, anchors, merges, tabs. */
const NOT_PLAIN = /[{[][^}\]\n]*$|"[^"\n]*$|'[^'\n]*$|[&*]\w|<<:|^\s*\?|\t|\{\{/m;

/** Plain documents answer without being parsed, right after an edit too. */
function inSmall(reference: Reference, text: string, offset: number): ApiPlace | undefined {
  const plain = NOT_PLAIN.test(text) ? undefined : byLines(reference, text, offset);
  if (plain) return plain;
  const document = readDocument(text);
  return document.broken ? byLines(reference, text, offset) : byTree(reference, document, offset);
}

function byTree(reference: Reference, document: YamlDocument, offset: number): ApiPlace | undefined {
  if (document.broken) return undefined;
  for (const resource of resourcesOf(reference, document)) {
    const place = placeAt(resource.node, offset);
    if (place) return { ...place, api: findField(reference, resource.kind, place.path) };
  }
  return undefined;
}

function byLines(reference: Reference, text: string, offset: number): ApiPlace | undefined {
  const kind = scannedKind(reference, text);
  const place = kind && scanPlace(text, offset);
  return place && { ...place, api: findField(reference, kind, place.path) };
}
