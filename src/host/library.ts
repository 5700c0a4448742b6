import * as vscode from 'vscode';
import { LANGUAGES, languageOf, isLanguage, type Language } from '../core/base/language.ts';
import type { BodyIndex } from '../core/book/bodies.ts';
import { Contents } from '../core/book/contents.ts';
import type { Book, ChapterText, Snippet, Term } from '../core/book/model.ts';
import type { Search } from '../core/book/search.ts';
import type { LanguageContext } from '../core/language/context.ts';
import type { Reference } from '../core/reference/model.ts';
import { openReference } from '../core/reference/packed.ts';
import { READER_WORDS } from '../core/reader/words.ts';
import { progressOf, recentlyRead, type Memory } from '../core/reader/memory.ts';
import type { CoverContents, Page, PageTerm } from '../core/reader/messages.ts';
import { SETTINGS } from './names.ts';

/** The content of the extension in the chosen language, read from its own folder when it is first asked for. */
export class Library implements vscode.Disposable {
  private readonly files = new Map<string, Promise<unknown>>();
  private readonly complaints = new Set<string>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscription: vscode.Disposable;
  private contextCache: { readonly language: Language; readonly context: LanguageContext } | undefined;
  private searchCache: { readonly language: Language; readonly search: Promise<Search> } | undefined;

  /** Fires when the language of the book has changed. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly extensionUri: vscode.Uri) {
    this.subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(SETTINGS.language)) this.changed.fire();
    });
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }

  /** The language of the book: the setting's, where `auto` is VS Code's. */
  get language(): Language {
    const chosen = vscode.workspace.getConfiguration().get(SETTINGS.language);
    return isLanguage(chosen) ? chosen : languageOf(vscode.env.language);
  }

  async contents(language = this.language): Promise<Contents> {
    return this.derive(`${language} contents`, async () => new Contents(await this.read<Book>(language, 'book')));
  }

  async reference(): Promise<Reference> {
    return this.readFile(this.language, 'reference.txt', openReference);
  }

  async snippets(): Promise<readonly Snippet[]> {
    return this.read<Snippet[]>(this.language, 'snippets');
  }

  /** What the YAML features need, in the language of the book. */
  async context(): Promise<LanguageContext> {
    const { language } = this;
    if (this.contextCache?.language === language) return this.contextCache.context;
    const [contents, reference] = await Promise.all([this.contents(language), this.reference()]);
    const context: LanguageContext = {
      reference,
      section: (id) => {
        const place = contents.find(id);
        return place && { title: place.section.title, chapter: place.chapter.title };
      },
    };
    this.contextCache = { language, context };
    return context;
  }

  async search(): Promise<Search> {
    const { language } = this;
    if (this.searchCache?.language !== language) this.searchCache = { language, search: this.buildSearch(language) };
    return this.searchCache.search;
  }

  private async buildSearch(language: Language): Promise<Search> {
    const { Search, fieldNames } = await import('./later.ts');
    const [contents, ...others] = await Promise.all(
      [language, ...LANGUAGES.filter((other) => other !== language)].map((each) => this.contents(each)),
    );
    const [reference, terms, bodies] = await Promise.all([
      this.reference(),
      this.read<Term[]>(language, 'glossary'),
      // Not kept, for the search takes of it what it needs. Without the text, titles and fields are still found.
      this.load(language, 'bodies.json', fromJson<BodyIndex>).catch(() => undefined),
    ]);
    return new Search({ contents: contents!, others, fields: fieldNames(reference), terms, ...(bodies ? { bodies } : {}) });
  }

  /** The page of a chapter. */
  async chapterPage(chapterId: string): Promise<Page | undefined> {
    const { language } = this;
    const contents = await this.contents(language);
    const place = contents.find(chapterId);
    if (!place) return undefined;
    const { chapter, part } = place;
    const [text, snippets, terms] = await Promise.all([
      this.read<ChapterText>(language, `chapters/${chapter.id}`),
      this.snippets().catch((): readonly Snippet[] => []),
      this.read<Term[]>(language, 'glossary').catch((): readonly Term[] => []),
    ]);
    const minutes = new Map(chapter.sections.map((section) => [section.id, section.minutes]));
    const marked = new Set(text.sections.flatMap((section) => section.terms));
    const withSnippets = new Set(snippets.filter(({ standIn }) => !standIn).map(({ section }) => section));
    return {
      kind: 'chapter',
      id: chapter.id,
      language,
      part: part.title,
      title: chapter.title,
      summary: chapter.summary,
      minutes: chapter.sections.reduce((sum, section) => sum + section.minutes, 0),
      verified: chapter.verified,
      sections: text.sections.map(({ id, title, html, fields }) => ({ id, title, html, fields, minutes: minutes.get(id) ?? 0, snippets: withSnippets.has(id) })),
      sources: text.sources,
      terms: terms.filter(({ id }) => marked.has(id)).map((term) => pageTerm(term, contents)),
      words: READER_WORDS[language],
    };
  }

  /** A chapter's text in the language of the book. */
  async chapterText(chapterId: string): Promise<ChapterText> {
    return this.read<ChapterText>(this.language, `chapters/${chapterId}`);
  }

  /** The cover, with the contents of the book below its drawing, and what was read of it. */
  async coverPage(memory: Memory): Promise<Page> {
    const { language } = this;
    const [contents, drawing] = await Promise.all([this.contents(language), this.read<string>(language, 'cover')]);
    const cover: CoverContents = {
      drawing,
      parts: contents.book.parts.map(({ title, chapters }) => ({
        title,
        chapters: chapters.map(({ id, title: name, summary, sections }) => ({
          id,
          title: name,
          summary,
          minutes: sections.reduce((sum, section) => sum + section.minutes, 0),
          read: progressOf(memory, sections),
        })),
      })),
      recent: recentlyRead(memory, 12).flatMap((id) => {
        const place = contents.find(id);
        return place ? [{ id, title: place.section.title, chapter: place.chapter.title }] : [];
      }).slice(0, 5),
    };
    return {
      kind: 'cover',
      id: 'cover',
      language,
      part: '',
      title: language === 'en' ? 'Istio Handbook' : 'Istio 手册',
      summary: '',
      minutes: 0,
      verified: '',
      sections: [],
      sources: [],
      terms: [],
      cover,
      words: READER_WORDS[language],
    };
  }

  /** Forgets what was read, as a writer's rebuild changed it. */
  forget(): void {
    this.files.clear();
    this.contextCache = undefined;
    this.searchCache = undefined;
  }

  private derive<T>(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.files.get(key) as Promise<T> | undefined;
    if (known) return known;
    const made = make();
    this.files.set(key, made);
    // What failed is tried again at the next request: the file may have come back.
    made.catch(() => this.files.delete(key));
    return made;
  }

  private read<T>(language: Language, name: string): Promise<T> {
    return this.readFile(language, `${name}.json`, fromJson<T>);
  }

  private readFile<T>(language: Language, name: string, parse: (bytes: Uint8Array) => T): Promise<T> {
    return this.derive(`${language}/${name}`, () => this.load(language, name, parse));
  }

  /** Reads a data file. Where it is missing or damaged, says so once, by name, and throws. */
  private async load<T>(language: Language, name: string, parse: (bytes: Uint8Array) => T): Promise<T> {
    const file = `dist/data/${language}/${name}`;
    try {
      return parse(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.extensionUri, ...file.split('/'))));
    } catch (error) {
      this.complain(file);
      throw new ContentError(file, { cause: error });
    }
  }

  private complain(file: string): void {
    if (this.complaints.has(file)) return;
    this.complaints.add(file);
    const text = vscode.l10n.t('Istio Handbook cannot read {0}. Reinstalling the extension brings it back; everything else goes on working.', file);
    void vscode.window.showErrorMessage(text);
  }
}

function fromJson<T>(bytes: Uint8Array): T {
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}

function pageTerm({ id, term, other, doc, section }: Term, contents: Contents): PageTerm {
  const place = section === undefined ? undefined : contents.find(section);
  return { id, term, other, doc, ...(place ? { section: place.section.id, sectionTitle: place.section.title } : {}) };
}

/** A file of the extension's content that cannot be read. */
export class ContentError extends Error {
  constructor(
    readonly file: string,
    options?: ErrorOptions,
  ) {
    super(`cannot read ${file}`, options);
  }
}
