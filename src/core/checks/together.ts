import { isMap, isSeq, type Node } from 'yaml';
import { findField, findKind, splitApiVersion } from '../reference/lookup.ts';
import { splitDocuments } from '../yaml/documents.ts';
import { isTemplate, nodeAt, parseText, textAt, type YamlDocument } from '../yaml/parse.ts';
import { isChartTemplate } from './files.ts';
import type { CheckContext } from './check.ts';
import { CODES, type Code } from './codes.ts';
import type { Finding } from './finding.ts';
import { spanAt } from './span.ts';
import { FILLED_IN, Value } from './rules/value.ts';
import { ANALYZERS } from './workspace/index.ts';
import { Mesh, textsOf, type MeshComplaint, type MeshResource } from './workspace/mesh.ts';

/** A file of what belongs together. */
export interface TogetherFile {
  readonly file: string;
  readonly text: string;
}

/** A finding with its place: the file, and the YAML document in it. */
export interface PlacedFinding {
  readonly file: string;
  readonly document: number;
  readonly finding: Finding;
}

interface Placed {
  readonly file: string;
  readonly document: number;
  readonly start: number;
  readonly node: Node;
  readonly written: boolean;
}

/** Checks resources against each other, of every file that belongs together. */
export function checkTogether(context: CheckContext, files: readonly TogetherFile[]): PlacedFinding[] {
  const resources: MeshResource[] = [];
  const places = new Map<Value, Placed>();
  for (const { file, text } of files) {
    if (isChartTemplate(file)) continue;
    for (const [document, { start, end }] of splitDocuments(text).entries()) {
      const part = text.slice(start, end);
      if (!/^[ \t-]*kind[ \t]*:/m.test(part) || isTemplate(part)) continue;
      const parsed = parseText(part);
      if (parsed.errors.length > 0) continue;
      for (const node of resourceNodes(parsed.root)) {
        const resource = resourceOf(parsed, node);
        resources.push(resource);
        places.set(resource.root, { file, document, start, node, written: textAt(node, ['metadata', 'namespace']) !== undefined });
      }
    }
  }
  const found: PlacedFinding[] = [];
  const mesh = new Mesh(resources);
  for (const analyzer of ANALYZERS) {
    analyzer(mesh, (resource, complaint) => {
      const place = places.get(resource.root)!;
      found.push({ file: place.file, document: place.document, finding: findingOf(context, resource, complaint, place) });
    }, context.reference);
  }
  return found;
}

/** Every resource of a document, the items of lists included. */
function resourceNodes(root: Node | null): Node[] {
  if (!isMap(root)) return [];
  const items = nodeAt(root, ['items']);
  if (textAt(root, ['kind'])?.endsWith('List') && isSeq(items)) return items.items.flatMap((item) => resourceNodes(item as Node));
  return textAt(root, ['kind']) === undefined ? [] : [root];
}

function resourceOf(document: YamlDocument, node: Node): MeshResource {
  const root = new Value(document.value(node, FILLED_IN), [], () => undefined);
  const { group } = splitApiVersion(root.get('apiVersion').text ?? '');
  const metadata = root.get('metadata');
  return {
    group, kind: root.get('kind').text ?? '', name: metadata.get('name').text ?? '', namespace: metadata.get('namespace').text ?? 'default',
    root, spec: root.get('spec'), labels: textsOf(metadata.get('labels')), annotations: textsOf(metadata.get('annotations')),
  };
}

function findingOf({ reference, language }: CheckContext, resource: MeshResource, { code, path, said, severity }: MeshComplaint, { node, start, written }: Placed): Finding {
  const kind = findKind(reference, `${resource.group}/x`, resource.kind) ?? findKind(reference, resource.group === '' ? 'v1' : '', resource.kind);
  const { section: own = '', severity: usual }: Code = CODES[code];
  const field = kind && findField(reference, kind, path);
  const span = spanAt(node, path);
  return {
    code, path, severity: severity ?? usual, message: `${CODES[code].title[language]}: ${said[language === 'en' ? 0 : 1]}`,
    span: { start: span.start + start, end: span.end + start },
    section: field?.known ? field.section : (kind?.section ?? own),
    resource: `${resource.kind} ${written ? `${resource.namespace}/` : ''}${resource.name}`.trim(),
  };
}
