/** The book in one language, without its text: what the tree, links and search need at once. */
export interface Book {
  readonly language: string;
  readonly parts: readonly Part[];
}

export interface Part {
  readonly id: string;
  readonly title: string;
  readonly chapters: readonly Chapter[];
}

export interface Chapter {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly keywords: readonly string[];
  /** The Istio version its facts were checked against. */
  readonly verified: string;
  readonly sections: readonly Section[];
}

export interface Section {
  /** Unique in the whole book and the same in every language. */
  readonly id: string;
  readonly title: string;
  /** Reading time in minutes, at least 1. */
  readonly minutes: number;
}

/** A chapter's text in one language, loaded when it is opened. */
export interface ChapterText {
  readonly id: string;
  readonly sections: readonly SectionText[];
  readonly sources: readonly string[];
}

export interface SectionText {
  readonly id: string;
  readonly title: string;
  readonly html: string;
  readonly markdown: string;
  /** Fields that it explains, as `DestinationRule.spec.trafficPolicy`. */
  readonly fields: readonly string[];
  /** Ids of the glossary's terms that are marked in it. */
  readonly terms: readonly string[];
}

/** A snippet in one language. */
export interface Snippet {
  readonly id: string;
  readonly prefix: string;
  readonly section: string;
  /** The section is not its own, which is still to be written, but stands in for it. */
  readonly standIn?: true;
  /** What it is for, in words: the heading it is listed under. */
  readonly task: string;
  readonly title: string;
  /** Where a part belongs, as `networking.istio.io/VirtualService.spec.http[]`; absent for whole documents. */
  readonly fragment?: string;
  /** In VS Code's snippet syntax. */
  readonly body: string;
}

/** A term of the glossary in one language. */
export interface Term {
  readonly id: string;
  readonly term: string;
  /** The same term in the other language. */
  readonly other: string;
  readonly aliases: readonly string[];
  readonly doc: string;
  readonly section?: string;
  /** An everyday word, which is not marked in the text. */
  readonly unmarked?: true;
}
