import { isMap, isSeq, type Node } from 'yaml';
import { findField, findKind, splitApiVersion } from '../reference/lookup.ts';
import { splitDocuments } from '../yaml/documents.ts';
import { isTemplate, nodeAt, parseText, readDocument, textAt, type YamlDocument } from '../yaml/parse.ts';
import type { Path } from '../yaml/path.ts';
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

/** One YAML document of a file, with the resources in it. */
interface KnownDocument {
  readonly text: string;
  readonly resources: readonly { readonly resource: MeshResource; readonly item: Path; readonly written: boolean }[];
}

interface Placed {
  readonly file: string;
  readonly document: number;
  readonly start: number;
  readonly text: string;
  readonly item: Path;
  readonly written: boolean;
}

interface KnownFile {
  readonly documents: readonly KnownDocument[];
  readonly starts: readonly number[];
}

/** What belongs together, kept while files change: only documents whose text changed are read again. */
export class Together {
  private readonly files = new Map<string, KnownFile>();

  /** Takes the text of a file that is new or has changed. */
  update(file: string, text: string): void {
    if (isChartTemplate(file)) return;
    const before = new Map(this.files.get(file)?.documents.map((document) => [document.text, document]));
    const spans = splitDocuments(text);
    const documents = spans.map(({ start, end }) => {
      const part = text.slice(start, end);
      return before.get(part) ?? { text: part, resources: resourcesOf(part) };
    });
    this.files.set(file, { documents, starts: spans.map(({ start }) => start) });
  }

  remove(file: string): void {
    this.files.delete(file);
  }

  /** Forgets a folder. */
  removeBelow(folder: string): void {
    for (const file of [...this.files.keys()]) if (file.startsWith(folder)) this.files.delete(file);
  }

  /** How many resources there are. */
  get size(): number {
    let count = 0;
    for (const { documents } of this.files.values()) for (const { resources } of documents) count += resources.length;
    return count;
  }

  /**
   * Checks the resources against each other.
   * @param only the files whose findings are wanted
   */
  findings(context: CheckContext, only?: ReadonlySet<string>): PlacedFinding[] {
    const places = new Map<Value, Placed>();
    const all: MeshResource[] = [];
    for (const [file, { documents, starts }] of this.files) {
      for (const [document, { text, resources }] of documents.entries()) {
        for (const { resource, item, written } of resources) {
          all.push(resource);
          places.set(resource.root, { file, document, start: starts[document]!, text, item, written });
        }
      }
    }
    const mesh = new Mesh(all);
    const found: PlacedFinding[] = [];
    for (const analyzer of ANALYZERS) {
      analyzer(mesh, (resource, complaint) => {
        const place = places.get(resource.root)!;
        if (only && !only.has(place.file)) return;
        found.push({ file: place.file, document: place.document, finding: findingOf(context, resource, complaint, place) });
      }, context.reference);
    }
    return found;
  }
}

/** Checks resources against each other, of every file that belongs together. */
export function checkTogether(context: CheckContext, files: readonly TogetherFile[]): PlacedFinding[] {
  const together = new Together();
  for (const { file, text } of files) together.update(file, text);
  return together.findings(context);
}

function resourcesOf(text: string): KnownDocument['resources'] {
  if (!/^[ \t-]*kind[ \t]*:/m.test(text) || isTemplate(text)) return [];
  const parsed = parseText(text);
  if (parsed.errors.length > 0) return [];
  return [...resourceNodes(parsed.root, [])].map(({ node, item }) => ({ resource: resourceOf(parsed, node), item, written: textAt(node, ['metadata', 'namespace']) !== undefined }));
}

/** Every resource of a document with its place in it, the items of lists included. */
function* resourceNodes(root: Node | null, item: Path): Iterable<{ node: Node; item: Path }> {
  if (!isMap(root)) return;
  const items = nodeAt(root, ['items']);
  if (textAt(root, ['kind'])?.endsWith('List') && isSeq(items)) {
    for (const [index, entry] of items.items.entries()) yield* resourceNodes(entry as Node, [...item, 'items', index]);
  } else if (textAt(root, ['kind']) !== undefined) yield { node: root, item };
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

function findingOf({ reference, language }: CheckContext, resource: MeshResource, { code, path, said, severity }: MeshComplaint, { text, item, start, written }: Placed): Finding {
  const kind = findKind(reference, `${resource.group}/x`, resource.kind) ?? findKind(reference, resource.group === '' ? 'v1' : '', resource.kind);
  const { section: own = '', severity: usual }: Code = CODES[code];
  const field = kind && findField(reference, kind, path);
  const span = spanAt(readDocument(text).root, [...item, ...path]);
  return {
    code, path, severity: severity ?? usual, message: language === 'en' ? `${CODES[code].title.en}: ${said[0]}` : `${CODES[code].title['zh-cn']}：${said[1]}`,
    span: { start: span.start + start, end: span.end + start },
    section: field?.known ? field.section : (kind?.section ?? own),
    resource: `${resource.kind} ${written ? `${resource.namespace}/` : ''}${resource.name}`.trim(),
  };
}
