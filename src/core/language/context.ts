import type { Reference } from '../reference/model.ts';

/** What every YAML feature knows: the reference in one language, and which sections are written. */
export interface LanguageContext {
  readonly reference: Reference;
  /** The title of a section and of its chapter; undefined for a section that is not in this book. */
  section(id: string): { readonly title: string; readonly chapter: string } | undefined;
}
