import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isLanguage, languageOf, otherLanguage, type Language } from './core/base/language.ts';
import type { BodyIndex } from './core/book/bodies.ts';
import { Contents } from './core/book/contents.ts';
import type { Book, ChapterText, Term } from './core/book/model.ts';
import { Search } from './core/book/search.ts';
import type { LanguageContext } from './core/language/context.ts';
import { explain, explanationRecord, typeName, type Explanation } from './core/language/explain.ts';
import { fieldNames } from './core/language/fieldNames.ts';
import { fieldsOfText, type FieldRecord } from './core/language/fields.ts';
import { pathForPeople } from './core/language/hover.ts';
import type { Reference } from './core/reference/model.ts';
import { openReference } from './core/reference/packed.ts';
import { SEVERITIES, type Severity } from './core/checks/codes.ts';
import { readText, yamlFiles } from './terminal/files.ts';
import { lint, lintLine, reaches } from './terminal/lint.ts';
import { sarif } from './terminal/sarif.ts';

/** The same core in a terminal. Exit status: 0; 1 for findings; 2 for unusable arguments or an unreadable file. */

const USAGE = `istio-handbook explain PLACE [--lang en|zh-cn] [--json]
istio-handbook section ID [--lang en|zh-cn]
istio-handbook search QUERY [--lang en|zh-cn] [--limit N] [--json]
istio-handbook fields PATH... [--json]
istio-handbook lint PATH... [--isolated] [--lang en|zh-cn] [--format text|json|sarif] [--severity error|warning|info|hint]`;

/** Put in by the build. */
declare const VERSION: string;

/** An error that the person at the terminal can mend. */
class UsageError extends Error {}

interface Options {
  readonly language: Language;
  readonly json: boolean;
  readonly limit: number;
  readonly format: Format;
  readonly severity: Severity;
  readonly isolated: boolean;
}

const FORMATS = ['text', 'json', 'sarif'] as const;
type Format = (typeof FORMATS)[number];

type Command = (args: readonly string[], options: Options) => void;

const COMMANDS: Readonly<Record<string, Command>> = {
  explain: runExplain,
  section: runSection,
  search: runSearch,
  fields: runFields,
  lint: runLint,
};

function dataFile(language: Language, file: string): Buffer {
  return readFileSync(join(__dirname, 'data', language, file));
}

function load<T>(language: Language, name: string): T {
  return JSON.parse(dataFile(language, `${name}.json`).toString()) as T;
}

function contentsIn(language: Language): Contents {
  return new Contents(load<Book>(language, 'book'));
}

function referenceIn(language: Language): Reference {
  return openReference(dataFile(language, 'reference.txt'));
}

function contextIn(language: Language): LanguageContext {
  const contents = contentsIn(language);
  return {
    reference: referenceIn(language),
    section: (id) => {
      const place = contents.find(id);
      return place && { title: place.section.title, chapter: place.chapter.title };
    },
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
  process.exitCode = 2;
}

function runExplain(args: readonly string[], { language, json }: Options): void {
  const [place] = args;
  if (place === undefined || args.length > 1) throw new UsageError('explain takes one place, such as VirtualService.spec.http.retries');
  const context = contextIn(language);
  const found = explain(context, place);
  if (found.length === 0) throw new UsageError(`there is no field ${place}`);
  for (const explanation of found) {
    print(json ? JSON.stringify(explanationRecord(explanation)) : explanationText(context, explanation, language));
  }
}

const LABELS: Readonly<Record<Language, Record<'default' | 'unit' | 'since' | 'required' | 'deprecated' | 'mind' | 'section', string>>> = {
  en: { default: 'Default', unit: 'Unit', since: 'Since', required: 'required', deprecated: 'Deprecated', mind: 'Mind', section: 'Section' },
  'zh-cn': { default: '默认值', unit: '单位', since: '始于', required: '必填', deprecated: '已弃用', mind: '注意', section: '章节' },
};

function explanationText(context: LanguageContext, explanation: Explanation, language: Language): string {
  const { kind, path, place } = explanation;
  const labels = LABELS[language];
  const record = explanationRecord(explanation);
  const field = path.length > 0 ? place.field : undefined;
  const name = path.length > 0 ? `${kind.kind}.${pathForPeople(path)}` : kind.kind;
  const facts = [`${kind.group}/${record.version}`, typeName(record.type), ...(record.required ? [labels.required] : [])];
  const lines = [name, facts.join(' · '), '', record.doc];
  for (const [value, doc] of Object.entries(field?.enum ?? {})) lines.push(`  ${value}: ${doc}`);
  if (field?.default !== undefined) lines.push(`${labels.default}: ${field.default}`);
  if (field?.unit !== undefined) lines.push(`${labels.unit}: ${field.unit}`);
  if (field?.since !== undefined) lines.push(`${labels.since}: ${field.since}`);
  if (field?.deprecated !== undefined) lines.push(`${labels.deprecated}: ${field.deprecated}`);
  if (field?.mind !== undefined) lines.push(`${labels.mind}: ${field.mind}`);
  const example = field?.example ?? (path.length === 0 ? kind.example : undefined);
  if (example !== undefined) lines.push('', ...example.split('\n').map((line) => `  ${line}`));
  const section = context.section(place.section);
  lines.push('', `${labels.section}: ${section ? `${section.title} · ${section.chapter} (${place.section})` : place.section}`, '');
  return lines.join('\n');
}

function runSection(args: readonly string[], { language }: Options): void {
  const [id] = args;
  if (id === undefined || args.length > 1) throw new UsageError('section takes one id, such as vs-http-retries');
  const place = contentsIn(language).find(id);
  if (!place) throw new UsageError(`there is no section ${id}`);
  const chapter = load<ChapterText>(language, `chapters/${place.chapter.id}`);
  const section = chapter.sections.find((candidate) => candidate.id === place.section.id)!;
  print(`## ${section.title} {#${section.id}}\n\n${section.markdown}`);
}

function runSearch(args: readonly string[], { language, json, limit }: Options): void {
  if (args.length === 0) throw new UsageError('search takes a query');
  const search = new Search({
    contents: contentsIn(language),
    others: [contentsIn(otherLanguage(language))],
    fields: fieldNames(referenceIn(language)),
    terms: load<Term[]>(language, 'glossary'),
    bodies: load<BodyIndex>(language, 'bodies'),
  });
  for (const { section, chapter, title, excerpt } of search.find(args.join(' '), limit)) {
    print(json ? JSON.stringify({ section, chapter, title, excerpt }) : `${section}\t${title} · ${excerpt}`);
  }
}

function runFields(args: readonly string[], { json }: Options): void {
  if (args.length === 0) throw new UsageError('fields takes files or folders, or - for standard input');
  const reference = referenceIn('en');
  for (const file of args.flatMap((path) => yamlFiles(path))) {
    const text = readText(file, complain);
    if (text === undefined) continue;
    for (const record of fieldsOfText(reference, text)) print(fieldLine(file, record, json));
  }
}

function fieldLine(file: string, record: FieldRecord, json: boolean): string {
  const { line, path, group, kind, known, type, section } = record;
  if (json) return JSON.stringify({ file, line, path, group, kind, known, type: typeName(type), section });
  return `${file}:${line}: ${kind}.${path} ${known ? `${typeName(type)} (${section})` : '?'}`;
}

function runLint(args: readonly string[], { language, format, severity, isolated }: Options): void {
  if (args.length === 0) throw new UsageError('lint takes files or folders, or - for standard input');
  const files = args.flatMap((path) => yamlFiles(path)).flatMap((file) => {
    const text = readText(file, complain);
    return text === undefined ? [] : [{ file, text }];
  });
  const records = lint({ ...contextIn(language), language }, files, isolated);
  const grave = records.filter((record) => reaches(record.severity, severity));
  if (format === 'sarif') print(JSON.stringify(sarif(records, language, VERSION), undefined, 2));
  else if (format === 'json') for (const record of records) print(JSON.stringify(record));
  else for (const record of grave) print(lintLine(record, language));
  if (grave.length > 0) process.exitCode ??= 1;
}

function parse(argv: readonly string[]): { args: string[]; options: Options } {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { lang: { type: 'string' }, json: { type: 'boolean' }, limit: { type: 'string' }, isolated: { type: 'boolean' }, format: { type: 'string' }, severity: { type: 'string' } },
  });
  const language = values.lang ?? languageOf(process.env['LC_ALL'] || process.env['LANG'] || 'en');
  if (!isLanguage(language)) throw new UsageError(`--lang is en or zh-cn, not ${language}`);
  const limit = Number(values.limit ?? 20);
  if (!Number.isInteger(limit) || limit < 1) throw new UsageError(`--limit is a whole number from 1, not ${values.limit}`);
  const format = FORMATS.find((name) => name === (values.format ?? (values.json ? 'json' : 'text')));
  if (!format) throw new UsageError(`--format is text, json or sarif, not ${values.format}`);
  const severity = SEVERITIES.find((name) => name === (values.severity ?? 'error'));
  if (!severity) throw new UsageError(`--severity is error, warning, info or hint, not ${values.severity}`);
  return { args: positionals, options: { language, json: values.json ?? false, limit, format, severity, isolated: values.isolated ?? false } };
}

function main([name = '', ...argv]: readonly string[]): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  if (name === '--help' || name === 'help') return print(USAGE);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  try {
    if (!command) throw new UsageError(name === '' ? 'a command is missing; try --help' : `there is no command ${name}; try --help`);
    const { args, options } = parse(argv);
    command(args, options);
  } catch (error) {
    const mendable = error instanceof UsageError || String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
    if (!mendable) throw error;
    complain((error as Error).message.split('\n')[0]!);
  }
}

main(process.argv.slice(2));
