/** The languages of the book, by their VS Code language ids. */
export const LANGUAGES = ['en', 'zh-cn'] as const;

export type Language = (typeof LANGUAGES)[number];

/** A text in every language of the book. */
export type Bilingual = Readonly<Record<Language, string>>;

/** The book's language for a locale such as `zh-cn`, `zh-TW` or `de`: Chinese for any Chinese, English for the rest. */
export function languageOf(locale: string): Language {
  return locale.toLowerCase().startsWith('zh') ? 'zh-cn' : 'en';
}

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((language) => language === value);
}

/** The other language of the book. */
export function otherLanguage(language: Language): Language {
  return language === 'en' ? 'zh-cn' : 'en';
}
