import { LANGUAGES, otherLanguage, type Language } from '../core/base/language.ts';
import type { Snippet, Term } from '../core/book/model.ts';
import type { Problems } from './problems.ts';
import { isRecord, YamlSource, type Sources } from './source.ts';

/** An entry of a list file, with what is needed to complain about it. */
interface Entry {
  readonly file: YamlSource;
  readonly index: number;
  readonly value: Record<string, unknown>;
}

function* entriesOf(sources: Sources, folder: string, problems: Problems): Iterable<Entry> {
  const ids = new Set<unknown>();
  for (const [name, text] of sources) {
    if (!name.startsWith(folder) || !name.endsWith('.yaml')) continue;
    const file = new YamlSource(name, text, problems);
    if (file.value === undefined || file.value === null) continue;
    if (!Array.isArray(file.value)) {
      file.problem([], 'the file is a list');
      continue;
    }
    for (const [index, value] of (file.value as unknown[]).entries()) {
      if (!isRecord(value)) {
        file.problem([index], 'an entry is a mapping');
        continue;
      }
      if (typeof value['id'] !== 'string') file.problem([index], 'an entry needs an id');
      if (ids.has(value['id'])) file.problem([index, 'id'], `the id ${String(value['id'])} is there twice`);
      ids.add(value['id']);
      yield { file, index, value };
    }
  }
}

function text({ file, index, value }: Entry, key: string): string {
  const found = value[key];
  if (typeof found !== 'string' || found.trim() === '') {
    file.problem([index, key], `${key} is missing`);
    return '';
  }
  return found;
}

function bilingual(entry: Entry, key: string): Record<Language, string> {
  const texts = isRecord(entry.value[key]) ? entry.value[key] : {};
  const found = { en: '', 'zh-cn': '' };
  for (const language of LANGUAGES) {
    const value = texts[language];
    if (typeof value === 'string' && value.trim() !== '') found[language] = value.trim();
    else entry.file.problem([entry.index, key], `${key} has no text in ${language}`);
  }
  return found;
}

/** Snippets and terms in each language, with the sections they name. */
export interface CompiledList<Item> {
  readonly byLanguage: Record<Language, readonly Item[]>;
  readonly sections: readonly { readonly id: string; readonly file: string; readonly line: number }[];
  /** File and line of each item, by its id. */
  readonly places: ReadonlyMap<string, { readonly file: string; readonly line: number }>;
}

const TASKS_FILE = 'content/tasks.yaml';

/** The tasks that snippets are for, by id, in the order of their list. */
function compileTasks(sources: Sources, problems: Problems): ReadonlyMap<string, Record<Language, string>> {
  const file = new YamlSource(TASKS_FILE, sources.get(TASKS_FILE) ?? '', problems);
  const tasks = new Map<string, Record<Language, string>>();
  for (const [index, row] of (Array.isArray(file.value) ? (file.value as unknown[]) : []).entries()) {
    if (isRecord(row) && ['id', ...LANGUAGES].every((key) => typeof row[key] === 'string')) tasks.set(String(row['id']), row as Record<Language, string>);
    else file.problem([index], 'a task has an id and its words in both languages');
  }
  return tasks;
}

/**
 * Compiles `content/snippets`, in the order of their tasks.
 * @param written the written section that a named one leads to: itself, or what stands in for it
 */
export function compileSnippets(sources: Sources, problems: Problems, written: (section: string) => string): CompiledList<Snippet> {
  const list = emptyList<Snippet>();
  const tasks = compileTasks(sources, problems);
  const prefixes = new Set<string>();
  for (const entry of entriesOf(sources, 'content/snippets/', problems)) {
    const titles = bilingual(entry, 'title');
    const fragment = entry.value['fragment'];
    const prefix = text(entry, 'prefix');
    const key = `${prefix} ${String(fragment)}`;
    if (prefixes.has(key)) entry.file.problem([entry.index, 'prefix'], `the prefix ${prefix} is there twice`);
    prefixes.add(key);
    if (fragment === undefined && !/^(istio|gwapi)-/.test(prefix)) {
      entry.file.problem([entry.index, 'prefix'], 'the prefix of a whole document begins with istio- or gwapi-');
    }
    const named = text(entry, 'section');
    const section = written(named);
    const task = tasks.get(text(entry, 'task'));
    if (!task) entry.file.problem([entry.index, 'task'], `there is no task ${String(entry.value['task'])}`);
    for (const language of LANGUAGES) {
      list.byLanguage[language].push({
        id: text(entry, 'id'),
        prefix,
        section,
        ...(section === named ? {} : { standIn: true as const }),
        task: task?.[language] ?? '',
        title: titles[language],
        ...(typeof fragment === 'string' ? { fragment } : {}),
        body: text(entry, 'body').trimEnd(),
      });
    }
    noteSection(list, entry, written);
  }
  for (const language of LANGUAGES) {
    const order = [...tasks.values()].map((task) => task[language]);
    list.byLanguage[language].sort((a, b) => order.indexOf(a.task) - order.indexOf(b.task));
  }
  return list;
}

/** The glossary, and the words that it keeps out of the Chinese text, each with the term that is used instead. */
export interface CompiledGlossary extends CompiledList<Term> {
  readonly avoided: ReadonlyMap<string, string>;
}

/** Compiles `content/glossary`. */
export function compileGlossary(sources: Sources, problems: Problems): CompiledGlossary {
  const list = { ...emptyList<Term>(), avoided: new Map<string, string>() };
  for (const entry of entriesOf(sources, 'content/glossary/', problems)) {
    const docs = bilingual(entry, 'doc');
    const aliases = isRecord(entry.value['aliases']) ? entry.value['aliases'] : {};
    for (const language of LANGUAGES) {
      const section = entry.value['section'];
      list.byLanguage[language].push({
        id: text(entry, 'id'),
        term: text(entry, language),
        other: text(entry, otherLanguage(language)),
        aliases: LANGUAGES.flatMap((any) => (Array.isArray(aliases[any]) ? aliases[any].map(String) : [])),
        doc: docs[language],
        ...(typeof section === 'string' ? { section } : {}),
        ...(entry.value['popover'] === false ? { unmarked: true as const } : {}),
      });
    }
    if (Array.isArray(entry.value['avoid'])) for (const word of entry.value['avoid']) list.avoided.set(String(word), text(entry, 'zh-cn'));
    noteSection(list, entry);
  }
  return list;
}

interface OpenList<Item> {
  readonly byLanguage: Record<Language, Item[]>;
  readonly sections: { id: string; file: string; line: number }[];
  readonly places: Map<string, { file: string; line: number }>;
}

function emptyList<Item>(): OpenList<Item> {
  return { byLanguage: { en: [], 'zh-cn': [] }, sections: [], places: new Map() };
}

function noteSection<Item>(list: OpenList<Item>, { file, index, value }: Entry, written = (section: string): string => section): void {
  const place = { file: file.file, line: file.line([index, 'section']) };
  if (typeof value['section'] === 'string') list.sections.push({ id: written(value['section']), ...place });
  list.places.set(String(value['id']), { file: file.file, line: file.line([index, 'body']) });
}
