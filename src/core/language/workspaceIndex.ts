import { touches, type Span } from '../base/text.ts';
import { splitDocuments } from '../yaml/documents.ts';
import { resourcesOfDocument, WORTH_READING, type Mention, type Resource, type Target } from './resources.ts';

/** A place in a file of the workspace. */
export interface Location {
  readonly file: string;
  readonly span: Span;
}

/** A resource with its file, where its document begins, and spans counted from there. */
export interface IndexedResource extends Resource {
  readonly file: string;
  readonly start: number;
}

/** What is kept of a YAML document: not its text, but what tells whether it has changed. */
interface IndexedDocument {
  readonly start: number;
  readonly key: string;
  readonly resources: readonly Resource[];
}

/**
 * The resources of a workspace: what is defined where, and who refers to it. Files are known by a name that the host
 * chooses; their text is not kept.
 */
export class WorkspaceIndex {
  private readonly files = new Map<string, readonly IndexedDocument[]>();

  /**
   * Reads a file anew; of its documents only those whose text has changed. Text without anything of Istio, the Gateway
   * API or what they name costs one search.
   */
  update(file: string, text: string): void {
    if (!WORTH_READING.test(text)) return this.remove(file);
    const known = new Map((this.files.get(file) ?? []).map((document) => [document.key, document]));
    const documents = splitDocuments(text).flatMap(({ start, end }): IndexedDocument[] => {
      const document = text.slice(start, end);
      const key = keyOf(document);
      const resources = known.get(key)?.resources ?? resourcesOfDocument(document);
      return resources.length > 0 ? [{ start, key, resources }] : [];
    });
    this.files.set(file, documents);
  }

  remove(file: string): void {
    this.files.delete(file);
  }

  /** Removes a folder's files: `prefix` ends with a slash. */
  removeBelow(prefix: string): void {
    for (const file of this.files.keys()) if (file.startsWith(prefix)) this.files.delete(file);
  }

  /** Every resource, in the order in which files were read. */
  *resources(): Iterable<IndexedResource> {
    for (const [file, documents] of this.files) {
      for (const { start, resources } of documents) for (const resource of resources) yield { ...resource, file, start };
    }
  }

  /** What a place in a file refers to or defines; undefined between such places. */
  at(file: string, offset: number): (Mention & { readonly refers: boolean }) | undefined {
    for (const { start, resources } of this.files.get(file) ?? []) {
      for (const { refers, defines } of resources) {
        const reference = smallest(refers, offset - start);
        const found = reference ?? smallest(defines, offset - start);
        if (found) return { target: found.target, span: shift(found.span, start), refers: reference !== undefined };
      }
    }
    return undefined;
  }

  /** Everything a file refers to. */
  references(file: string): readonly Mention[] {
    return (this.files.get(file) ?? []).flatMap(({ start, resources }) =>
      resources.flatMap(({ refers }) => refers.map(({ target, span }) => ({ target, span: shift(span, start) }))),
    );
  }

  /** Where a target is defined. */
  definitions(target: Target): Location[] {
    return this.mentions('defines', (candidate) => refersTo(target, candidate));
  }

  /** The resources that define a target. */
  defining(target: Target): IndexedResource[] {
    return [...this.resources()].filter(({ defines }) => defines.some((mention) => refersTo(target, mention.target)));
  }

  /** Who refers to what is defined as `target`. */
  referencesTo(target: Target): Location[] {
    return this.mentions('refers', (candidate) => refersTo(candidate, target));
  }

  private mentions(side: 'defines' | 'refers', fits: (target: Target) => boolean): Location[] {
    const found = new Map<string, Location>();
    for (const resource of this.resources()) {
      for (const { target, span } of resource[side]) {
        const place = { file: resource.file, span: shift(span, resource.start) };
        if (fits(target)) found.set(`${place.file} ${place.span.start}`, place);
      }
    }
    return [...found.values()];
  }
}

function shift({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}

/** Tells texts apart without keeping them: length and two 32-bit hashes. */
function keyOf(text: string): string {
  let first = 0x811c9dc5;
  let second = 5381;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    first = Math.imul(first ^ code, 0x01000193);
    second = (Math.imul(second, 33) + code) | 0;
  }
  return `${text.length} ${first} ${second}`;
}

function smallest(mentions: readonly Mention[], offset: number): Mention | undefined {
  return mentions
    .filter(({ span }) => touches(span, offset))
    .sort((a, b) => a.span.end - a.span.start - (b.span.end - b.span.start))[0];
}

function sameNamespace(a: string, b: string): boolean {
  return a === b || a === '' || b === '';
}

/** Whether a reference means what a definition defines. */
export function refersTo(reference: Target, definition: Target): boolean {
  if (reference.type === 'subset') {
    return definition.type === 'subset' && reference.subset === definition.subset && sameHost(reference, definition);
  }
  if (reference.type === 'host') return definition.type === 'host' && sameHost(reference, definition);
  if (reference.type === 'workload') {
    if (definition.type !== 'workload' || !sameNamespace(reference.namespace, definition.namespace)) return false;
    return Object.entries(reference.labels).every(([key, value]) => definition.labels[key] === value);
  }
  if (definition.type !== 'object') return false;
  const { group, kind, name, namespace } = reference;
  return group === definition.group && kind === definition.kind && name === definition.name && sameNamespace(namespace, definition.namespace);
}

interface Named {
  readonly host: string;
  readonly namespace: string;
}

/** Whether two host names mean the same service: short names are of their resource's namespace, and `*` covers. */
export function sameHost(a: Named, b: Named): boolean {
  const first = serviceOf(a);
  const second = serviceOf(b);
  if (first && second && first.name === second.name && sameNamespace(first.namespace, second.namespace)) return true;
  return covers(a.host, b.host) || covers(b.host, a.host);
}

function covers(pattern: string, host: string): boolean {
  if (pattern === host) return host.includes('.');
  return pattern.startsWith('*.') && host.endsWith(pattern.slice(1));
}

const SERVICE = /^([^.*]+)(?:\.([^.]+)(?:\.svc(?:\.[\w.-]+)?)?)?$/;

/** The Service that a host name means: `reviews`, `reviews.bookinfo`, `reviews.bookinfo.svc.cluster.local`. */
function serviceOf({ host, namespace }: Named): { name: string; namespace: string } | undefined {
  const match = SERVICE.exec(host);
  return match ? { name: match[1]!, namespace: match[2] ?? namespace } : undefined;
}
