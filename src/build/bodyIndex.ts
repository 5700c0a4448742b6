import type { BodyIndex } from '../core/book/bodies.ts';
import { wordsOf } from '../core/book/words.ts';

/** More than this many occurrences in one section count as this many. */
const MOST = 255;

/** Makes the index of the book's text, for {@link BodyIndex}. */
export function bodyIndex(sections: readonly { readonly id: string; readonly title: string; readonly text: string }[]): BodyIndex {
  const places = new Map<string, Map<number, number>>();
  for (const [number, { title, text }] of sections.entries()) {
    for (const { word } of wordsOf(`${title}\n${text}`)) {
      const counts = places.get(word) ?? new Map<number, number>();
      counts.set(number, Math.min(MOST, (counts.get(number) ?? 0) + 1));
      places.set(word, counts);
    }
  }
  // By code units, as the search compares them.
  const words = [...places.keys()].sort((a, b) => (a < b ? -1 : 1));
  const starts = [0];
  const flat: number[] = [];
  for (const word of words) {
    for (const pair of places.get(word)!) flat.push(...pair);
    starts.push(flat.length);
  }
  return { sections: sections.map(({ id }) => id), texts: sections.map(({ text }) => text), words, starts, places: flat };
}
