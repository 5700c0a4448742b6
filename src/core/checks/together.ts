import { isMap, isSeq, type Node } from 'yaml';
import { findField, findKind, splitApiVersion } from '../reference/lookup.ts';
import { splitDocuments } from '../yaml/documents.ts';
import { isTemplate, nodeAt, parseText, readDocument, textAt, type YamlDocument } from '../yaml/parse.ts';
import type { Path } from '../yaml/path.ts';
import { isChartTemplate, isPatch } from './files.ts';
import type { CheckContext } from './check.ts';
import { CODES, type Code } from './codes.ts';
import type { Finding } from './finding.ts';
import { belongingOf, markerOf, type Belonging, type Marker, type RootOptions } from './roots.ts';
import { spanAt } from './span.ts';
import type { Remedy } from './rules/remedy.ts';
import { FILLED_IN, Value } from './rules/value.ts';
import { ANALYZERS } from './workspace/index.ts';
import { Mesh, textsOf, type MeshComplaint, type MeshResource, type MeshSettings } from './workspace/mesh.ts';

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
  readonly roots: readonly string[];
  /** Completes a resource that stands elsewhere. */
  readonly partial: boolean;
}

interface KnownFile {
  readonly documents: readonly KnownDocument[];
  readonly starts: readonly number[];
}

/** What belongs together, kept while files change: only documents whose text changed are read again. */
export class Together {
  private readonly files = new Map<string, KnownFile>();
  private readonly markers = new Map<string, Marker>();
  private belonging: Belonging | undefined;

  /** @param options what a person decides of the roots */
  constructor(private options: RootOptions = {}) {}

  /** Changes what a person decides of the roots. */
  decide(options: RootOptions): void {
    this.options = options;
    this.belonging = undefined;
  }

  /** Whether a file completes resources that stand elsewhere. */
  isPatch(file: string): boolean {
    return isPatch(file) || this.roots().isPatch(file);
  }

  private roots(): Belonging {
    this.belonging ??= belongingOf(this.markers, this.options);
    return this.belonging;
  }

  /** Takes of a file only what it says of others: whether they are under one root, or patches. */
  mark(file: string, text: string): void {
    const marker = markerOf(file, text);
    if (!marker && !this.markers.delete(file)) return;
    if (marker) this.markers.set(file, marker);
    this.belonging = undefined;
  }

  /**
   * Takes the text of a file that is new or has changed.
   * @param read reads a document, where somebody has read it already
   */
  update(file: string, text: string, read = parseText): void {
    if (isChartTemplate(file)) return;
    this.mark(file, text);
    const before = new Map(this.files.get(file)?.documents.map((document) => [document.text, document]));
    const spans = splitDocuments(text);
    const documents = spans.map(({ start, end }) => {
      const part = text.slice(start, end);
      return before.get(part) ?? { text: part, resources: resourcesOf(part, read) };
    });
    this.files.set(file, { documents, starts: spans.map(({ start }) => start) });
  }

  remove(file: string): void {
    this.files.delete(file);
    if (this.markers.delete(file)) this.belonging = undefined;
  }

  /** Forgets a folder. */
  removeBelow(folder: string): void {
    for (const file of [...this.files.keys()]) if (file.startsWith(folder)) this.remove(file);
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
    const order = new Map<Placed, number>();
    const all: MeshResource[] = [];
    for (const [file, { documents, starts }] of this.files) {
      const roots = this.roots().rootsOf(file);
      const partial = this.isPatch(file);
      for (const [document, { text, resources }] of documents.entries()) {
        for (const { resource, item, written } of resources) {
          all.push(resource);
          const place = { file, document, start: starts[document]!, text, item, written, roots, partial };
          places.set(resource.root, place);
          order.set(place, order.size);
        }
      }
    }
    const mesh = new Mesh(all, (resource) => places.get(resource.root)!.roots);
    const told: { readonly place: Placed; readonly resource: MeshResource; readonly complaint: MeshComplaint }[] = [];
    for (const analyzer of ANALYZERS) {
      analyzer(mesh, (resource, complaint) => {
        const place = places.get(resource.root)!;
        if (only && !only.has(place.file)) return;
        // Of a patch nothing can be said but whether what it refers to is there.
        if (!place.partial || complaint.code === 'IST0101') told.push({ place, resource, complaint });
      }, context.reference);
    }
    // One document after the other: each is parsed again to find the places in it.
    told.sort((a, b) => order.get(a.place)! - order.get(b.place)!);
    const found = told.map(({ place, resource, complaint }) => ({ file: place.file, document: place.document, finding: findingOf(context, resource, complaint, places) }));
    return found;
  }
}

/** Checks resources against each other, of every file of a workspace. */
export function checkTogether(context: CheckContext, files: readonly TogetherFile[], options: RootOptions = {}): PlacedFinding[] {
  const together = new Together(options);
  for (const { file, text } of files) together.update(file, text);
  return together.findings(context);
}

function resourcesOf(text: string, read: (text: string) => YamlDocument): KnownDocument['resources'] {
  if (!/^[ \t-]*kind[ \t]*:/m.test(text) || isTemplate(text)) return [];
  const parsed = read(text);
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
  const labels = textsOf(metadata.get('labels'));
  // What is filled in later is told apart by how it is written.
  const name = textAt(node, ['metadata', 'name']) ?? '';
  const settings = settingsOf(root, group, name);
  return {
    group, kind: root.get('kind').text ?? '', name, namespace: textAt(node, ['metadata', 'namespace']) || 'default',
    root, spec: root.get('spec'), labels, annotations: textsOf(metadata.get('annotations')), ...(settings ? { settings } : {}),
  };
}

const INJECTOR = 'sidecarInjectorWebhook';

/** The mesh's configuration in a ConfigMap of a control plane, or in an IstioOperator. */
function settingsOf(root: Value, group: string, name: string): MeshSettings | undefined {
  const spec = root.get('spec');
  const kind = root.get('kind').text;
  if (kind === 'IstioOperator' && group === 'install.istio.io') {
    const config = spec.has('meshConfig') ? spec.get('meshConfig') : spec.at('values', 'meshConfig');
    return { config, networks: spec.at('values', 'global', 'meshNetworks'), injector: spec.at('values', INJECTOR) };
  }
  if (kind !== 'ConfigMap' || group !== '' || !/^istio(?:-sidecar-injector)?(?:-[\w-]+)?$/.test(name)) return undefined;
  const embedded = (key: string): Value => {
    const path = ['data', key];
    const inner = parseText(root.at(...path).text ?? '');
    return new Value(inner.broken ? undefined : inner.value(inner.root, FILLED_IN), path, () => undefined);
  };
  if (name.startsWith('istio-sidecar-injector')) return { config: root.get('none'), networks: root.get('none'), injector: embedded('values').get(INJECTOR) };
  return root.at('data').has('mesh') || root.at('data').has('meshNetworks') ? { config: embedded('mesh'), networks: embedded('meshNetworks'), injector: root.get('none') } : undefined;
}

function findingOf({ reference, language }: CheckContext, resource: MeshResource, { code, path, said, severity, remedies }: MeshComplaint, places: ReadonlyMap<Value, Placed>): Finding {
  const place = places.get(resource.root)!;
  const { text, item, start } = place;
  const kind = findKind(reference, `${resource.group}/x`, resource.kind) ?? findKind(reference, resource.group === '' ? 'v1' : '', resource.kind);
  const { section: own, severity: usual }: Code = CODES[code];
  const field = kind && findField(reference, kind, path);
  const span = spanAt(readDocument(text).root, [...item, ...path]);
  return {
    code, path, severity: severity ?? usual, message: language === 'en' ? `${CODES[code].title.en}: ${said[0]}` : `${CODES[code].title['zh-cn']}：${said[1]}`,
    span: { start: span.start + start, end: span.end + start },
    section: own ?? (field?.known ? field.section : (kind?.section ?? '')),
    resource: nameOf(resource, place),
    ...(item.length > 0 ? { item } : {}), ...(kind ? { kind } : {}),
    ...(remedies ? { remedies: remedies.map((remedy) => placed(remedy, places)) } : {}),
  };
}

function nameOf({ kind, namespace, name }: MeshResource, { written }: Placed): string {
  return `${kind} ${written ? `${namespace}/` : ''}${name}`.trim();
}

/** A remedy in another resource, with the document that this one stands in. */
function placed(remedy: Remedy<MeshResource>, places: ReadonlyMap<Value, Placed>): Remedy {
  if (remedy.how !== 'set' && remedy.how !== 'append') return remedy;
  const { in: resource, ...rest } = remedy;
  const place = resource && places.get(resource.root);
  return place ? { ...rest, in: { file: place.file, text: place.text, item: place.item, name: nameOf(resource, place) } } : rest;
}
