import type { Book, Chapter, Part, Section } from './model.ts';

/** The id that opens the cover, which stands before the first chapter. */
export const COVER = 'cover';

/** A section with the chapter and part it stands in. */
export interface SectionPlace {
  readonly part: Part;
  readonly chapter: Chapter;
  readonly section: Section;
}

/** The contents of a book by id, and its reading order. */
export class Contents {
  private readonly places = new Map<string, SectionPlace>();
  /** Chapters in reading order. */
  readonly chapters: readonly Chapter[];

  constructor(readonly book: Book) {
    for (const part of book.parts) {
      for (const chapter of part.chapters) {
        for (const section of chapter.sections) this.places.set(section.id, { part, chapter, section });
      }
    }
    this.chapters = book.parts.flatMap((part) => part.chapters);
  }

  /** Every section in reading order. */
  sections(): Iterable<SectionPlace> {
    return this.places.values();
  }

  /** The place of a section; a chapter's id leads to its first one. A link to a heading (`section--name`) leads to its section. */
  find(id: string): SectionPlace | undefined {
    const direct = this.places.get(id) ?? this.places.get(id.replace(/--.*$/, ''));
    if (direct) return direct;
    const first = this.chapters.find((chapter) => chapter.id === id)?.sections[0];
    return first && this.places.get(first.id);
  }

  /** The chapter before (-1) or behind (+1) another; undefined at the ends of the book. */
  neighbour(chapterId: string, step: 1 | -1): Chapter | undefined {
    const index = this.chapters.findIndex((chapter) => chapter.id === chapterId);
    return index < 0 ? undefined : this.chapters[index + step];
  }
}
