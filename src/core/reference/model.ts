/** The reference in one language, as the build writes it and every feature reads it. */
export interface Reference {
  readonly kinds: readonly Kind[];
  /** Messages by name; those of one kind are called `group/Kind#Message`. */
  readonly messages: Readonly<Record<string, Message>>;
}

export interface KindVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly since?: string;
  readonly deprecated?: boolean;
}

/** A kind of resource, known by group and name: `Gateway` alone means two things. */
export interface Kind {
  readonly group: string;
  readonly kind: string;
  /** Newest first; none for configuration that stands inside other documents, such as MeshConfig. */
  readonly versions: readonly KindVersion[];
  readonly section: string;
  readonly doc: string;
  readonly example?: string;
  /** The message of the whole document, `apiVersion` and `metadata` included. */
  readonly root: string;
  /** A kind of Kubernetes itself: of it only labels, annotations and embedded configuration are known. */
  readonly foreign?: true;
}

export interface Message {
  readonly doc?: string;
  readonly fields: Readonly<Record<string, Field>>;
  /** The type of every other key, where there may be others: labels, Helm values. */
  readonly open?: string;
}

export interface Field {
  readonly type: string;
  readonly required?: boolean;
  readonly enum?: Readonly<Record<string, string>>;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly default?: string | number | boolean;
  readonly unit?: string;
  readonly since?: string;
  readonly deprecated?: string;
  readonly channel?: 'experimental';
  /** How settled a label or annotation is, in Istio's words: `Alpha`, `Beta`, `Stable`. */
  readonly status?: string;
  readonly section?: string;
  readonly within?: string;
  readonly doc: string;
  readonly mind?: string;
  readonly example?: string;
}

/** The keys of a field that bound its value, as in the CRDs. */
export const BOUNDS = [
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'pattern',
  'format',
] as const satisfies readonly (keyof Field)[];

/** Types that are no messages. */
export const SCALARS = ['string', 'boolean', 'integer', 'number', 'duration', 'enum', 'int-or-string'] as const;

/** The type of what a list or map of this type holds; undefined for any other type. */
export function itemType(type: string): { readonly of: string; readonly container: 'list' | 'map' } | undefined {
  if (type.endsWith('[]')) return { of: type.slice(0, -2), container: 'list' };
  if (type.startsWith('map<') && type.endsWith('>')) return { of: type.slice(4, -1), container: 'map' };
  return undefined;
}

/** The message that a string holds as YAML: `X` of `yaml<X>`; undefined for any other type. */
export function embeddedType(type: string): string | undefined {
  return type.startsWith('yaml<') ? type.slice(5, -1) : undefined;
}

/** The innermost type: `X` of `X[]`, of `map<X>`, of `map<X[]>` and of `yaml<X>`. */
export function innerType(type: string): string {
  const inner = itemType(type)?.of ?? embeddedType(type);
  return inner === undefined ? type : innerType(inner);
}
