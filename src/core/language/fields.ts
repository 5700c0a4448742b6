import { LineIndex } from '../base/text.ts';
import { findField } from '../reference/lookup.ts';
import type { Kind, Reference } from '../reference/model.ts';
import { splitDocuments } from '../yaml/documents.ts';
import { keysOf, readDocument } from '../yaml/parse.ts';
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
  if (!document.broken) {
    for (const resource of resourcesOf(reference, document)) {
      for (const key of keysOf(resource.node)) yield { kind: resource.kind, path: key.path, offset: key.span.start };
    }
    return;
  }
  const kind = scannedKind(reference, text);
  if (!kind) return;
  for (const key of scanKeys(text)) yield { kind, path: key.path, offset: key.span.start };
}
