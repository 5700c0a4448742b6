import { parseAllDocuments } from 'yaml';
import { fieldsOf, findField, type FieldPlace } from '../core/reference/lookup.ts';
import { BOUNDS, itemType, type Field, type Kind, type Reference } from '../core/reference/model.ts';

/** Compares the reference with the official definitions (CRDs), from any file a maintainer has. */

interface Schema {
  readonly type?: string;
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}

interface Definition {
  readonly kind: string;
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { name: string; served: boolean; storage: boolean; schema: { openAPIV3Schema: Schema } }[];
  };
}

/** How the reference and the definitions differ; each entry names kind and path. */
export interface Differences {
  /** Kinds and fields of the definitions that the reference lacks. */
  readonly missing: readonly string[];
  /** Fields of the reference that the definitions lack, experimental ones left out. */
  readonly invented: readonly string[];
  /** Another type, enumeration, bound, required or set of versions. */
  readonly differing: readonly string[];
  /** How many fields were compared, `spec` of each kind included. */
  readonly compared: number;
}

/**
 * Compares every kind that a text defines.
 * @param text one or more CustomResourceDefinitions, as YAML documents
 * @throws on text that is no YAML
 */
export function compareWithDefinitions(reference: Reference, text: string): Differences {
  const result = { missing: [] as string[], invented: [] as string[], differing: [] as string[], compared: 0 };
  for (const document of parseAllDocuments(text)) {
    if (document.errors.length > 0) throw document.errors[0]!;
    const definition = document.toJS() as Definition | null;
    if (definition?.kind !== 'CustomResourceDefinition') continue;
    const { group, names } = definition.spec;
    const kind = reference.kinds.find((candidate) => candidate.group === group && candidate.kind === names.kind);
    if (kind) new Comparison(reference, kind, result).with(definition);
    else result.missing.push(`${group}/${names.kind}`);
  }
  return result;
}

/** Writes a path the way tables and differences do: `spec.http[].match[].headers{}.exact`. */
export function tablePath(path: readonly (string | number)[]): string {
  return path.map((segment) => (segment === 0 ? '[]' : segment === '*' ? '{}' : `.${segment}`)).join('').replace(/^\./, '');
}

class Comparison {
  private readonly fields: ReadonlyMap<string, FieldPlace>;

  constructor(
    private readonly reference: Reference,
    private readonly kind: Kind,
    private readonly result: { missing: string[]; invented: string[]; differing: string[]; compared: number },
  ) {
    const own = [...fieldsOf(reference, kind)].filter(([path]) => path[0] === 'spec' && path.length > 1 && !this.freeKey(path));
    this.fields = new Map(own.map(([path, place]) => [tablePath(path), place]));
  }

  /** A key that the definition leaves free, such as a label that only Istio's code knows. */
  private freeKey(path: readonly (string | number)[]): boolean {
    return findField(this.reference, this.kind, path.slice(0, -1)).message?.open !== undefined;
  }

  with({ spec }: Definition): void {
    const { kind, fields, result } = this;
    const stored = spec.versions.find(({ storage }) => storage)!;
    const seen = new Set<string>();
    result.compared++;
    for (const [path, schema, required] of schemaFields(stored.schema.openAPIV3Schema.properties!['spec']!, 'spec')) {
      seen.add(path);
      result.compared++;
      const field = fields.get(path)?.field;
      if (!field) result.missing.push(`${kind.kind} ${path}`);
      else for (const what of this.differences(schema, required, field)) result.differing.push(`${kind.kind} ${path}: ${what}`);
    }
    for (const path of fields.keys()) if (!seen.has(path) && !this.experimental(path)) result.invented.push(`${kind.kind} ${path}`);
    const versions = (list: readonly { name: string; served: boolean; storage: boolean }[]) =>
      list.map(({ name, served, storage }) => `${name}${served ? ' served' : ''}${storage ? ' stored' : ''}`).sort().join(', ');
    if (versions(kind.versions) !== versions(spec.versions)) result.differing.push(`${kind.kind}: the versions are ${versions(spec.versions)}`);
  }

  /** Whether a field, or one above it, is of the experimental channel. */
  private experimental(path: string): boolean {
    const parents = path.split('.').map((_, index, names) => names.slice(0, index + 1).join('.').replace(/(?:\[\]|\{\})+$/, ''));
    return parents.some((parent) => this.fields.get(parent)?.field?.channel === 'experimental');
  }

  private differences(schema: Schema, required: boolean, field: Field): string[] {
    const found: string[] = [];
    const shape = schemaShape(schema);
    if (this.shape(field.type) !== shape) found.push(`${field.type} is ${shape} in the definition`);
    if ((field.required ?? false) !== required) found.push(`required is ${required} in the definition`);
    let leaf = schema;
    while (leaf.items ?? typeof leaf.additionalProperties === 'object') leaf = leaf.items ?? (leaf.additionalProperties as Schema);
    const values = (leaf.enum ?? []).map(String).sort().join();
    if (Object.keys(field.enum ?? {}).sort().join() !== values) found.push(`the values are ${values} in the definition`);
    for (const bound of BOUNDS) {
      const expected = (schema as Record<string, unknown>)[bound] ?? (leaf as Record<string, unknown>)[bound];
      const written = field[bound];
      if (bound !== 'format' && expected !== undefined && written !== expected) found.push(`${bound} is ${String(expected)} in the definition`);
      if (expected === undefined && written !== undefined) found.push(`${bound} is not in the definition`);
    }
    return found;
  }

  /** What a type of the reference is in a schema: list, map, message, scalar. */
  private shape(type: string): string {
    const item = itemType(type);
    if (item) return item.container;
    const message = this.reference.messages[type];
    if (message) return message.open === undefined ? 'message' : 'map';
    return type === 'duration' || type === 'enum' ? 'string' : type;
  }
}

function schemaShape(schema: Schema): string {
  if (schema['x-kubernetes-int-or-string']) return 'int-or-string';
  if (schema.type === 'array') return 'list';
  if (schema.properties) return 'message';
  if (schema['x-kubernetes-preserve-unknown-fields']) return 'any';
  if (schema.type === 'object') return schema.additionalProperties ? 'map' : 'message';
  return schema.type ?? 'any';
}

/** Every field of a schema with its path and whether it is required. */
function* schemaFields(schema: Schema, path: string): Iterable<[string, Schema, boolean]> {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const here = `${path}.${name}`;
    yield [here, property, schema.required?.includes(name) ?? false];
    let inner = property;
    let suffix = '';
    while (inner.items ?? typeof inner.additionalProperties === 'object') {
      suffix += inner.items ? '[]' : '{}';
      inner = inner.items ?? (inner.additionalProperties as Schema);
    }
    yield* schemaFields(inner, here + suffix);
  }
}
