/** How text becomes the words that search knows: the same for the build's index and for a query. */

/** A word as the index has it, and where it stands in the text. */
export interface Word {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

const RUNS = /\p{Script=Han}+|[\p{L}\p{N}_]+?(?=\p{Script=Han}|[^\p{L}\p{N}_]|$)/gu;
const HAN = /^\p{Script=Han}/u;

/** Whether a word is written in Chinese characters. */
export function isHan(word: string): boolean {
  return HAN.test(word);
}

/** The words of a text: Latin ones in lower case and the singular, Chinese in pieces of two characters. */
export function* wordsOf(text: string): Iterable<Word> {
  for (const match of text.matchAll(RUNS)) {
    const run = match[0];
    const start = match.index;
    if (!isHan(run)) {
      yield { word: singular(run.toLowerCase()), start, end: start + run.length };
    } else if (run.length === 1) {
      yield { word: run, start, end: start + 1 };
    } else {
      for (let at = 0; at + 2 <= run.length; at++) yield { word: run.slice(at, at + 2), start: start + at, end: start + at + 2 };
    }
  }
}

/** A plural without its ending, by the three rules that seldom go wrong. */
export function singular(word: string): string {
  if (word.length < 4 || !word.endsWith('s')) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:ss|us|is)$/.test(word)) return word;
  return word.slice(0, /(?:ch|sh|x|ss)es$/.test(word) ? -2 : -1);
}
