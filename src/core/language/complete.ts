import { startOfLine, type Span } from '../base/text.ts';
import type { Snippet } from '../book/model.ts';
import { findField, type FieldPlace } from '../reference/lookup.ts';
import { embeddedType, innerType, itemType, type Field, type Kind, type Reference } from '../reference/model.ts';
import { documentAt } from '../yaml/documents.ts';
import { indentStyle, siblingsOf, slotAt, valueBeside, type IndentStyle, type Slot } from '../yaml/scan.ts';
import type { LanguageContext } from './context.ts';
import { scannedKind } from './documents.ts';
import { embeddedBlockAt } from './place.ts';
import { typeName } from './explain.ts';
import { fieldHover, kindHover, versionHover, type Hover } from './hover.ts';
import { indented, itemBlock, keyInsert } from './inserts.ts';
import { namesFor } from './names.ts';
import { fragmentTarget } from './snippets.ts';
import type { WorkspaceIndex } from './workspaceIndex.ts';

/** Something that can be written at the cursor. */
export interface CompletionItem {
  readonly label: string;
  readonly type: 'field' | 'value' | 'name' | 'fragment' | 'kind';
  /** In VS Code's snippet syntax, with every blank that belongs to it. */
  readonly insert: string;
  /** A short fact beside the label: a type, a snippet's title. */
  readonly detail: string;
  readonly deprecated: boolean;
  /** A value is to follow, which can be completed in turn. */
  readonly more: boolean;
  /** What the hover would say of it. */
  readonly hover?: Hover;
  /** The fragment that is inserted. */
  readonly snippet?: Snippet;
}

export interface Completions {
  /** What is replaced, in the file. */
  readonly span: Span;
  /** The most fitting first. */
  readonly items: readonly CompletionItem[];
}

export interface CompletionOptions {
  /** The columns of one level where the document shows none. */
  readonly indent: number;
  readonly snippets: readonly Snippet[];
  /** The workspace, for names. */
  readonly index?: WorkspaceIndex;
}

const DURATIONS = ['1s', '5s', '10s', '30s', '1m', '5m', '1h'];

/**
 * What can be written at an offset: keys that are allowed there and not yet written, values, blocks, fragments.
 * It reads the lines of the one document around the cursor, so it works in broken ones too.
 * @returns undefined where there is nothing to say
 */
export function complete(
  context: LanguageContext,
  source: string,
  offset: number,
  options: CompletionOptions,
): Completions | undefined {
  const around = documentAt(source, offset);
  const document = source.slice(around.start, around.end);
  const embedded = embeddedBlockAt(context.reference, document, offset - around.start);
  const text = embedded?.text ?? document;
  const start = around.start + (embedded?.start ?? 0);
  const slot = slotAt(text, offset - start);
  if (!slot) return undefined;
  const place = embedded
    ? { text, slot: { ...slot, path: [...embedded.path, ...slot.path] }, kind: embedded.kind }
    : { text, slot, kind: scannedKind(context.reference, text) };
  const items = new Completer(context, place, options).items();
  if (items.length === 0) return undefined;
  return { span: { start: slot.span.start + start, end: slot.span.end + start }, items };
}

/** Where something is completed: the text of the document or of configuration embedded in it, and the slot in that text. */
interface CompletionPlace {
  readonly text: string;
  readonly slot: Slot;
  readonly kind: Kind | undefined;
}

class Completer {
  private readonly reference: Reference;
  private readonly text: string;
  private readonly slot: Slot;
  private readonly kind: Kind | undefined;
  private readonly style: IndentStyle;

  constructor(
    private readonly context: LanguageContext,
    { text, slot, kind }: CompletionPlace,
    private readonly options: CompletionOptions,
  ) {
    this.reference = context.reference;
    this.text = text;
    this.slot = slot;
    this.kind = kind;
    this.style = indentStyle(text, slot.span.start, options.indent);
  }

  items(): CompletionItem[] {
    const { slot, kind } = this;
    const root = slot.path.length === 1 && slot.on === 'value' ? slot.path[0] : undefined;
    if (root === 'apiVersion' || root === 'kind') return this.header(root);
    if (!kind) return [];
    const place = findField(this.reference, kind, slot.path);
    if (!place.known) return [];
    return slot.on === 'value' ? this.values(kind, place, slot.path) : this.keys(kind, place);
  }

  /** Versions for `apiVersion:` and kinds for `kind:`, as far as the other of the two says. */
  private header(which: 'apiVersion' | 'kind'): CompletionItem[] {
    const written = Object.fromEntries([...this.text.matchAll(/^(apiVersion|kind)[ \t]*:[ \t]*["']?([^\s"'#]*)/gm)].map(([, key, value]) => [key!, value!]));
    const { apiVersion = '', kind: name = '' } = written;
    const { context, slot, reference } = this;
    const named = reference.kinds.filter(({ kind }) => kind === name);
    const items = new Map<string, CompletionItem>();
    const ours = reference.kinds.filter(({ foreign }) => !foreign);
    for (const kind of which === 'apiVersion' && named.length > 0 ? named : ours) {
      for (const { name: version } of kind.versions.filter(({ served }) => served)) {
        const full = `${kind.group}/${version}`;
        if (which === 'kind' && full !== apiVersion) continue;
        const label = which === 'kind' ? kind.kind : full;
        const hover = which === 'kind' ? kindHover(context, kind, slot.span) : versionHover(context, kind, version, slot.span);
        if (!items.has(label)) items.set(label, { label, type: 'kind', insert: label, detail: which === 'kind' ? full : '', deprecated: false, more: false, hover });
      }
    }
    return [...items.values()];
  }

  private keys(kind: Kind, place: FieldPlace): CompletionItem[] {
    const { slot } = this;
    const item = itemType(place.type);
    if (item?.container === 'list') return slot.flow ? [] : this.newItems(kind, [...slot.path, 0], '- ');
    if (!place.message && !this.inEmbedded(place)) return place.field && innerType(place.type) !== 'any' && !item ? this.values(kind, place, slot.path) : [];
    const siblings = siblingsOf(this.text, slot);
    return [
      ...this.fields(kind, slot.path, slot.column).filter(({ label }) => !siblings.has(label)),
      ...this.fragments(embeddedType(place.type) ?? place.type, slot.column, '', siblings),
      ...this.itemsOfOpenList(kind),
    ];
  }

  /** At the root of embedded configuration, whose own type is a string. */
  private inEmbedded(place: FieldPlace): boolean {
    return embeddedType(place.type) !== undefined && this.text !== '' && this.slot.on === 'key';
  }

  /** The items of a list whose key stands right above, in the cursor's column: dashes may stand there too. */
  private itemsOfOpenList(kind: Kind): CompletionItem[] {
    const { slot, text } = this;
    const above = text.slice(0, startOfLine(text, slot.span.start)).trimEnd();
    const line = above.slice(above.lastIndexOf('\n') + 1);
    const match = /^((?:\s*-\s)*\s*)([\w.-]+):\s*$/.exec(line);
    if (slot.flow || match?.[1]?.length !== slot.column) return [];
    const path = [...slot.path, match[2]!];
    const place = findField(this.reference, kind, path);
    return place.known && itemType(place.type)?.container === 'list' ? this.newItems(kind, [...path, 0], '- ') : [];
  }

  private newItems(kind: Kind, path: Slot['path'], dash: string): CompletionItem[] {
    const place = findField(this.reference, kind, path);
    if (!place.message) return this.values(kind, place, path).map((item) => ({ ...item, label: `${dash}${item.label}`, insert: dash + item.insert }));
    const column = this.slot.column + dash.length;
    const whole = itemBlock(this.reference, place.type, this.slot.column, this.style);
    const fields = this.fields(kind, path, column).map((item) => ({ ...item, label: dash + item.label, insert: dash + item.insert }));
    const name = [...path].reverse().find((segment) => typeof segment === 'string') ?? '';
    const first: CompletionItem[] =
      whole === undefined ? [] : [{ label: `- ${name}`, type: 'fragment', insert: whole.text, detail: '', deprecated: false, more: whole.more, ...this.hover(kind, path) }];
    return [...first, ...fields, ...this.fragments(place.type, column, dash, new Map())];
  }

  private fields(kind: Kind, path: Slot['path'], column: number): CompletionItem[] {
    const place = findField(this.reference, kind, path);
    const message = place.message ?? this.reference.messages[embeddedType(place.type) ?? ''];
    if (!message) return [];
    const documented = Object.entries(message.fields).filter(([, field]) => field.doc !== '');
    const items = documented.map(([name, field]) => {
      const { text: insert, more } = keyInsert(this.reference, name, field, { column, style: this.style, flow: this.slot.flow });
      const deprecated = field.deprecated !== undefined;
      const hover = this.hover(kind, [...path, name]);
      return { rank: rank(field), item: { label: name, type: 'field' as const, insert, detail: typeName(field.type), deprecated, more, ...hover } };
    });
    return items.sort((a, b) => a.rank - b.rank).map(({ item }) => item);
  }

  private fragments(type: string, column: number, dash: string, siblings: ReadonlyMap<string, string>): CompletionItem[] {
    if (this.slot.flow) return [];
    return this.options.snippets.flatMap((snippet): CompletionItem[] => {
      if (snippet.fragment === undefined) return [];
      const target = fragmentTarget(this.reference, snippet.fragment);
      if (typeof target === 'string' || target.type !== type) return [];
      const keys = [...snippet.body.matchAll(/^([\w-]+):/gm)].map((match) => match[1]!);
      if (keys.some((key) => siblings.has(key))) return [];
      const insert = dash + indented(snippet.body.trimEnd(), column);
      return [{ label: `${dash}${snippet.prefix}…`, type: 'fragment', insert, detail: snippet.title, deprecated: false, more: false, snippet }];
    });
  }

  private values(kind: Kind, place: FieldPlace, path: Slot['path']): CompletionItem[] {
    const { field } = place;
    if (!field || itemType(place.type)) return [];
    const known = this.names(kind, path);
    const quoted = /["']/.test(this.text[this.slot.span.start - 1] ?? '');
    const names = known.map((label): CompletionItem => {
      const insert = label.startsWith('*') ? `"${label}"` : label;
      return { label, type: 'name', insert, detail: '', deprecated: false, more: false, ...this.hover(kind, path) };
    });
    const values = valuesOf(field, place.type).filter((value) => !known.includes(value)).map((label): CompletionItem => {
      return { label, type: 'value', insert: ['string', 'enum'].includes(place.type) && !quoted && NO_STRING.test(label) ? `"${label}"` : label, detail: '', deprecated: false, more: false, ...this.hover(kind, path, label) };
    });
    return [...names, ...values];
  }

  private names(kind: Kind, path: Slot['path']): string[] {
    const { index } = this.options;
    if (!index) return [];
    const namespace = /^metadata:\s*(?:\{[^}]*namespace:[ \t]*|(?:\n[ \t]+.*)*?\n[ \t]+namespace:[ \t]*)["']?([\w-]+)/m.exec(this.text)?.[1] ?? '';
    return namesFor({ index, kind, namespace, beside: (key) => valueBeside(this.text, this.slot, key) }, path);
  }

  private hover(kind: Kind, path: Slot['path'], value?: string): { hover?: Hover } {
    const hover = fieldHover(this.context, findField(this.reference, kind, path), path, this.slot.span, value);
    return hover ? { hover } : {};
  }
}

/** What YAML reads as something else than a string. */
const NO_STRING = /^(?:true|false|yes|no|on|off|null|[-+.\d][\d.]*)$/i;

/** Required first, then as the reference orders them, then experimental and deprecated ones. */
function rank(field: Field): number {
  if (field.deprecated !== undefined) return 3;
  if (field.channel !== undefined) return 2;
  return field.required ? 0 : 1;
}

/** Values that fit a field, its default first. */
function valuesOf(field: Field, type: string): string[] {
  const known = field.enum ? Object.keys(field.enum) : type === 'boolean' ? ['true', 'false'] : type === 'duration' ? DURATIONS : [];
  const literal = field.default === undefined ? undefined : String(field.default);
  if (literal === undefined || /[\s\p{Script=Han}]/u.test(literal)) return known;
  return [literal, ...known.filter((value) => value !== literal)];
}
