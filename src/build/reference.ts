import { LANGUAGES, type Language } from '../core/base/language.ts';
import { BOUNDS, innerType, SCALARS, type Field, type Kind, type Message, type Reference } from '../core/reference/model.ts';
import { splitDocuments } from '../core/yaml/documents.ts';
import { METADATA_FILE, withMetadata } from './metadata.ts';
import type { Problems } from './problems.ts';
import { isRecord, YamlSource, type Sources } from './source.ts';

type Keys = readonly (string | number)[];

const FIELD_KEYS = new Set<string>([
  'type', 'required', 'enum', ...BOUNDS, 'default', 'unit', 'since', 'deprecated', 'channel', 'status', 'section', 'within', 'doc', 'mind', 'example',
]);
const KIND_KEYS = new Set(['kind', 'group', 'versions', 'section', 'doc', 'example', 'metadata', 'spec', 'status', 'fields', 'types', 'message', 'required']);

/** The reference in each language, and where each section was named, for the check that it is written. */
export interface CompiledReference {
  readonly byLanguage: Record<Language, Reference>;
  readonly sections: readonly { readonly id: string; readonly file: string; readonly line: number }[];
}

/**
 * Compiles `content/reference`: resolves the names of messages and splits the text by language.
 * @param written the written section that a named one leads to: itself, or what stands in for it
 */
export function compileReference(sources: Sources, problems: Problems, written: (section: string) => string): CompiledReference {
  const files = [...sources]
    .filter(([file]) => /^content\/reference\/.+\/.+\.yaml$/.test(file))
    .map(([file, text]) => new YamlSource(file, text, problems));
  const shared = sharedNames(files);
  const sections: { id: string; file: string; line: number }[] = [];
  const compileIn = (language: Language): Reference => {
    const quiet = language !== 'en';
    const kinds: Kind[] = [];
    const messages: Record<string, Message> = {};
    for (const file of files) {
      if (!isRecord(file.value)) continue;
      const compiler = new FileCompiler(file, file.value, { shared, written, language, quiet, sections });
      Object.assign(messages, compiler.messages());
      if (file.value['kind'] !== undefined) kinds.push(compiler.kind(messages));
    }
    const text = sources.get(METADATA_FILE);
    if (text === undefined) return { kinds, messages };
    const file = new YamlSource(METADATA_FILE, text, problems);
    const compiler = new FileCompiler(file, {}, { shared, written, language, quiet, sections });
    return withMetadata({ kinds, messages }, file, (value, path) => compiler.field(value, path));
  };
  return { byLanguage: { en: compileIn('en'), 'zh-cn': compileIn('zh-cn') }, sections };
}

/** The messages of `reference/types`, each of which is written once. */
function sharedNames(files: readonly YamlSource[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const file of files) {
    if (!isRecord(file.value) || file.value['kind'] !== undefined || !isRecord(file.value['types'])) continue;
    for (const name of Object.keys(file.value['types'])) {
      if (names.has(name)) file.problem(['types', name], `the message ${name} is defined twice`);
      names.add(name);
    }
  }
  return names;
}

/** What the compilers of all files share in one pass, which is one language. */
interface Pass {
  readonly shared: ReadonlySet<string>;
  readonly written: (section: string) => string;
  readonly language: Language;
  readonly quiet: boolean;
  readonly sections: { id: string; file: string; line: number }[];
}

/** Compiles one file into one language. Only the English pass reports what does not depend on the language. */
class FileCompiler {
  private readonly prefix: string;
  private readonly types: Record<string, unknown>;

  constructor(
    private readonly file: YamlSource,
    private readonly data: Record<string, unknown>,
    private readonly pass: Pass,
  ) {
    this.prefix = data['kind'] === undefined ? '' : `${String(data['group'])}/${String(data['kind'])}#`;
    this.types = isRecord(data['types']) ? data['types'] : {};
  }

  kind(messages: Record<string, Message>): Kind {
    const { data } = this;
    for (const key of Object.keys(data)) if (!KIND_KEYS.has(key)) this.complain([key], `unknown key ${key}`);
    const versions = Array.isArray(data['versions']) ? (data['versions'] as Kind['versions']) : [];
    const message = typeof data['message'] === 'string' ? data['message'] : undefined;
    if (versions.length === 0 && message === undefined) this.complain(['versions'], 'a kind needs its versions');
    const root = message === undefined ? this.prefix.slice(0, -1) : this.type(message, ['message']);
    if (message === undefined) messages[root] = { fields: this.rootFields() };
    const example = typeof data['example'] === 'string' ? data['example'] : undefined;
    return {
      group: String(data['group']),
      kind: String(data['kind']),
      versions,
      section: this.section(data, ['section'], 'section') ?? '',
      doc: this.text(data, 'doc', [], true) ?? '',
      ...(example === undefined ? {} : { example }),
      root,
    };
  }

  /** The document's own fields: `apiVersion`, `kind`, `metadata`, and what the kind has beside them. */
  private rootFields(): Record<string, Field> {
    const doc = this.text(this.data, 'doc', [], true) ?? '';
    const text = { en: ['The API version that this document is written in.', 'The kind of resource.'], 'zh-cn': ['本文档所用的 API 版本。', '资源的种类。'] };
    const [version, kind] = text[this.pass.language] as [string, string];
    const fields: Record<string, Field> = {
      apiVersion: { type: 'string', required: true, doc: version },
      kind: { type: 'string', required: true, doc: kind },
    };
    for (const name of ['metadata', 'spec', 'status']) {
      const type = this.data[name];
      if (typeof type !== 'string') continue;
      const resolved = this.type(type, [name]);
      const required = Array.isArray(this.data['required']) && this.data['required'].includes(name);
      fields[name] = { type: resolved, ...(required ? { required } : {}), doc: this.messageDoc(type) ?? doc };
    }
    if (isRecord(this.data['fields'])) {
      for (const name of Object.keys(this.data['fields'])) fields[name] = this.field(this.data['fields'][name], ['fields', name]);
    }
    return fields;
  }

  private messageDoc(type: string): string | undefined {
    const message = this.types[type];
    return isRecord(message) ? this.text(message, 'doc', ['types', type], false) : ROOT_DOCS[type]?.[this.pass.language];
  }

  messages(): Record<string, Message> {
    const compiled: Record<string, Message> = {};
    for (const [name, message] of Object.entries(this.types)) {
      const path = ['types', name];
      if (!isRecord(message) || !isRecord(message['fields'])) {
        this.complain(path, `the message ${name} needs fields`);
        continue;
      }
      const fields: Record<string, Field> = {};
      for (const [field, value] of Object.entries(message['fields'])) fields[field] = this.field(value, [...path, 'fields', field]);
      const doc = this.text(message, 'doc', path, false);
      const open = typeof message['open'] === 'string' ? this.type(message['open'], [...path, 'open']) : undefined;
      compiled[this.prefix + name] = { ...(doc === undefined ? {} : { doc }), fields, ...(open === undefined ? {} : { open }) };
    }
    return compiled;
  }

  /** A field as its file writes it; what is wrong with it is reported there. */
  field(value: unknown, path: Keys): Field {
    if (!isRecord(value)) {
      this.complain(path, 'a field needs a type and a doc');
      return { type: 'any', doc: '' };
    }
    for (const key of Object.keys(value)) if (!FIELD_KEYS.has(key)) this.complain([...path, key], `unknown key ${key}`);
    const field: Record<string, unknown> = {};
    field['type'] = this.type(String(value['type']), [...path, 'type']);
    for (const key of ['required', ...BOUNDS, 'since', 'channel', 'status'] as const) if (value[key] !== undefined) field[key] = value[key];
    if (value['enum'] !== undefined) field['enum'] = this.enum(value['enum'], [...path, 'enum']);
    if (innerType(String(value['type'])) === 'enum' && field['enum'] === undefined) this.complain(path, 'an enum needs its values');
    if (value['default'] !== undefined) {
      field['default'] = isRecord(value['default']) ? this.text(value, 'default', path, true) : value['default'];
    }
    for (const key of ['unit', 'deprecated', 'mind'] as const) {
      const text = this.text(value, key, path, false);
      if (text !== undefined) field[key] = text;
    }
    field['doc'] = this.text(value, 'doc', path, true) ?? '';
    for (const key of ['section', 'within'] as const) {
      const section = this.section(value, [...path, key], key);
      if (section !== undefined) field[key] = section;
    }
    if (typeof value['example'] === 'string') field['example'] = this.example(value['example'], path);
    return field as unknown as Field;
  }

  private example(text: string, path: Keys): string {
    const example = text.trimEnd();
    const name = String(path.at(-1));
    if (!new RegExp(`^["']?${name.replace(/[^\w-]/g, '\\$&')}["']?:`).test(example)) {
      this.complain([...path, 'example'], `the example of ${name} begins with its key`);
    }
    if (splitDocuments(example).length !== 1) this.complain([...path, 'example'], 'an example is one document');
    return example;
  }

  private enum(value: unknown, path: Keys): Record<string, string> {
    const texts: Record<string, string> = {};
    if (!isRecord(value)) {
      this.complain(path, 'enum is a mapping of values to their texts');
      return texts;
    }
    for (const name of Object.keys(value)) texts[name] = this.text(value, name, path, true) ?? '';
    return texts;
  }

  /** The name of a message as the compiled reference knows it: the kind's own first, then the shared ones. */
  private type(type: string, path: Keys): string {
    const inner = innerType(type);
    if (inner === 'any' || SCALARS.some((scalar) => scalar === inner)) return type;
    if (Object.hasOwn(this.types, inner)) return type.replace(inner, () => this.prefix + inner);
    if (!this.pass.shared.has(inner)) this.complain(path, `there is no type ${inner}`);
    return type;
  }

  /** A text in this pass's language; both have to be there. */
  private text(holder: Record<string, unknown>, key: string, path: Keys, required: boolean): string | undefined {
    const value = holder[key];
    if (value === undefined && !required) return undefined;
    const texts = isRecord(value) ? value : {};
    for (const language of LANGUAGES) {
      if (typeof texts[language] !== 'string' || texts[language].trim() === '') {
        this.complain([...path, key], `${key} has no text in ${language}`);
      }
    }
    const text = texts[this.pass.language];
    return typeof text === 'string' ? text.trim() : undefined;
  }

  private section(holder: Record<string, unknown>, path: Keys, key: string): string | undefined {
    const id = holder[key];
    if (typeof id !== 'string') return undefined;
    const section = this.pass.written(id);
    if (!this.pass.quiet) this.pass.sections.push({ id: section, file: this.file.file, line: this.file.line(path) });
    return section;
  }

  private complain(path: Keys, message: string): void {
    if (!this.pass.quiet) this.file.problem(path, message);
  }
}

/** What the document's own fields mean where their message is shared by every kind. */
const ROOT_DOCS: Readonly<Record<string, Record<Language, string>>> = {
  ObjectMeta: {
    en: 'Name, namespace, labels and annotations of the resource.',
    'zh-cn': '资源的名称、命名空间、标签与注解。',
  },
  IstioStatus: {
    en: 'Written by the control plane, not by you: whether the resource was accepted and distributed.',
    'zh-cn': '由控制平面填写，无需手写：资源是否已被接受和下发。',
  },
};
