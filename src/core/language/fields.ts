import { LineIndex } from '../base/text.ts';
import { findField } from '../reference/lookup.ts';
import { embeddedType, type Kind, type Reference } from '../reference/model.ts';
import { splitDocuments } from '../yaml/documents.ts';
import { isScalar, type Node } from 'yaml';
import { blockScalarOf, embeddedText } from '../yaml/embedded.ts';
import { keysOf, readDocument, scalarText } from '../yaml/parse.ts';
import { formatPath, type Path } from '../yaml/path.ts';
import { scanKeys } from '../yaml/scan.ts';
import { resourcesOf, scannedKind } from './documents.ts';

/** A mapping key of a resource, and what the API knows of it. */
export interface FieldRecord {
  /** Line of the key, from 1. */
  readonly line: number;
  /** From the resource's own root. */
  readonly path: string;
  readonly group: string;
  readonly kind: string;
  readonly known: boolean;
  readonly type: string;
  readonly section: string;
}

/** Every mapping key of every resource in a text whose kind the reference knows, in the order of the text. */
export function fieldsOfText(reference: Reference, text: string): FieldRecord[] {
  const lines = new LineIndex(text);
  const records: FieldRecord[] = [];
  for (const { start, end } of splitDocuments(text)) {
    const document = text.slice(start, end);
    for (const { kind, path, offset } of keysOfDocument(reference, document)) {
      const place = findField(reference, kind, path);
      records.push({
        line: lines.line(start + offset),
        path: formatPath(path),
        group: kind.group,
        kind: kind.kind,
        known: place.known,
        type: place.known ? place.type : '',
        section: place.section,
      });
    }
  }
  return records;
}

interface ResourceKey {
  readonly kind: Kind;
  readonly path: Path;
  readonly offset: number;
}

function* keysOfDocument(reference: Reference, text: string): Iterable<ResourceKey> {
  const document = readDocument(text);
  const walk = new KeyWalk(reference);
  if (document.broken) {
    const kind = scannedKind(reference, text);
    if (kind) yield* walk.lines(kind, [], text, 0);
    return;
  }
  for (const { kind, node } of resourcesOf(reference, document)) yield* walk.tree(kind, [], text, node, 0);
}

/** Walks the keys of a document, and of the configuration embedded in its strings. */
class KeyWalk {
  constructor(private readonly reference: Reference) {}

  /** @param at where `text` begins in the document */
  *tree(kind: Kind, above: Path, text: string, node: Node | null, at: number): Iterable<ResourceKey> {
    for (const { path, span, value } of keysOf(node)) {
      const here = [...above, ...path];
      const embeds = embeddedType(findField(this.reference, kind, here).type) !== undefined;
      if (!kind.foreign || embeds || above.length > 0) yield { kind, path: here, offset: at + span.start };
      if (!embeds || !isScalar(value) || typeof value.value !== 'string' || !value.range) continue;
      const inner = embeddedText(text, { start: value.range[0], end: value.range[1] }, scalarText(value));
      const document = readDocument(inner.text);
      const keys = document.broken ? this.lines(kind, here, inner.text, 0) : this.tree(kind, here, inner.text, document.root, 0);
      for (const key of keys) yield { ...key, offset: at + inner.start + (inner.exact ? key.offset : 0) };
    }
  }

  *lines(kind: Kind, above: Path, text: string, at: number): Iterable<ResourceKey> {
    for (const { path, span } of scanKeys(text)) {
      const here = [...above, ...path];
      const embeds = embeddedType(findField(this.reference, kind, here).type) !== undefined;
      if (!kind.foreign || embeds || above.length > 0) yield { kind, path: here, offset: at + span.start };
      const block = embeds ? blockScalarOf(text, span.start) : undefined;
      if (block) yield* this.lines(kind, here, text.slice(block.lines.start, block.lines.end), at + block.lines.start);
    }
  }
}
