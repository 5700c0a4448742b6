import { isMap, isSeq, type Node } from 'yaml';
import { findKind } from '../reference/lookup.ts';
import type { Kind, Reference } from '../reference/model.ts';
import { nodeAt, textAt, type YamlDocument } from '../yaml/parse.ts';
import type { Path } from '../yaml/path.ts';

/** A resource in a YAML document: the document itself, or an item of a `List`. */
export interface Resource {
  readonly kind: Kind;
  /** Where its root stands in the document. */
  readonly root: Path;
  readonly node: Node | null;
}

const HEADER = /^(apiVersion|kind)[ \t]*:[ \t]*["']?([^\s"'#]+)/gm;

/** The resources of a parsed document whose kinds the reference knows. */
export function resourcesOf(reference: Reference, document: YamlDocument): Resource[] {
  return resourcesAt(reference, document.root, []);
}

function resourcesAt(reference: Reference, node: Node | null, root: Path): Resource[] {
  if (!isMap(node)) return [];
  const apiVersion = textAt(node, ['apiVersion']) ?? '';
  const name = textAt(node, ['kind']) ?? '';
  const items = nodeAt(node, ['items']);
  if (name.endsWith('List') && isSeq(items)) {
    return items.items.flatMap((item, index) => resourcesAt(reference, item as Node, [...root, 'items', index]));
  }
  const kind = kindOf(reference, { apiVersion, kind: name, name: textAt(node, ['metadata', 'name']) ?? '' }, nodeAt(node, ['meshConfig']) !== undefined);
  return kind ? [{ kind, root, node }] : [];
}

interface Header {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** The kind that a header names: of ConfigMaps only Istio's own; a document without a header but with `meshConfig` is Helm values. */
function kindOf(reference: Reference, { apiVersion, kind, name }: Header, meshConfig: boolean): Kind | undefined {
  if (kind === 'ConfigMap' && !/^istio(?:-|$)/.test(name)) return undefined;
  if (apiVersion === '' && kind === '') return meshConfig ? reference.kinds.find((candidate) => candidate.kind === 'Values') : undefined;
  return findKind(reference, apiVersion, kind);
}

/** The kind of a document that does not parse, from the lines `apiVersion:` and `kind:` at its left margin. */
export function scannedKind(reference: Reference, text: string): Kind | undefined {
  const header: Record<string, string> = {};
  for (const match of text.matchAll(HEADER)) header[match[1]!] ??= match[2]!;
  const { apiVersion = '', kind = '' } = header;
  const name = kind === 'ConfigMap' ? (/^metadata:(?:\s*\n[ \t]+.*)*?\s*\n[ \t]+name:[ \t]*["']?([^\s"'#]+)/m.exec(text)?.[1] ?? '') : '';
  return kindOf(reference, { apiVersion, kind, name }, kind === '' && /^meshConfig[ \t]*:/m.test(text));
}
