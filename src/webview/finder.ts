import type { ReaderWords } from '../core/reader/messages.ts';
import { button, element } from './dom.ts';

/** More places than this are not counted. */
const MOST = 500;

/** Marks the words that a search found in the page, and walks from one to the next. */
export class Finder {
  private ranges: Range[] = [];
  private at = -1;
  private bar: HTMLElement | undefined;

  constructor() {
    document.addEventListener('keydown', (event) => {
      if (this.ranges.length === 0) return;
      if (event.key === 'F3') {
        event.preventDefault();
        this.step(event.shiftKey ? -1 : 1);
      } else if (event.key === 'Escape' && !document.querySelector('.popover, dialog')) this.clear();
    });
  }

  /**
   * Marks words in a page.
   * @param marks what to mark: the query, and other names of the same thing; where the query is nowhere as it stands, its words
   * @param from the section that was found, whose first place comes first
   */
  mark(main: HTMLElement, marks: readonly string[], from: HTMLElement | undefined, words: ReaderWords): void {
    this.clear();
    this.ranges = rangesOf(main, marks);
    if (this.ranges.length === 0) return;
    CSS.highlights.set('found', new Highlight(...this.ranges));
    const first = from ? this.ranges.findIndex((range) => from.contains(range.startContainer)) : 0;
    this.bar = this.makeBar(marks[0]!, words);
    document.body.append(this.bar);
    this.select(Math.max(0, first));
  }

  /** Takes the marks away. */
  clear(): void {
    CSS.highlights.delete('found');
    CSS.highlights.delete('found-current');
    this.bar?.remove();
    this.bar = undefined;
    this.ranges = [];
    this.at = -1;
  }

  private step(by: 1 | -1): void {
    this.select((this.at + by + this.ranges.length) % this.ranges.length);
    const rect = this.ranges[this.at]!.getBoundingClientRect();
    const hidden = rect.top < 90 || rect.bottom > window.innerHeight - 80;
    if (hidden) window.scrollTo({ top: window.scrollY + rect.top - window.innerHeight / 3, behavior: 'instant' });
  }

  private select(index: number): void {
    this.at = index;
    CSS.highlights.set('found-current', new Highlight(this.ranges[index]!));
    const count = this.bar?.querySelector('.finder-count');
    if (count) count.textContent = `${index + 1} / ${this.ranges.length}${this.ranges.length === MOST ? '+' : ''}`;
  }

  private makeBar(query: string, words: ReaderWords): HTMLElement {
    const count = element('span', { class: 'finder-count', role: 'status' });
    return element('div', { class: 'finder', role: 'group', 'aria-label': words.found }, [
      element('span', { class: 'finder-query' }, [query]),
      count,
      button('up', words.previousMatch, () => this.step(-1)),
      button('down', words.nextMatch, () => this.step(1)),
      button('close', words.close, () => this.clear()),
    ]);
  }
}

/** Where the words stand in the text of the page: the whole query, else its words, and the other names in any case. */
function rangesOf(main: HTMLElement, marks: readonly string[]): Range[] {
  const [query = '', ...others] = marks;
  const whole = find(main, [query, ...others]);
  const asItStands = whole.some((range) => range.toString().toLowerCase() === query.toLowerCase());
  if (asItStands) return whole;
  const parts = query.split(/\s+/).filter((word) => word.length > 1 || /\p{Script=Han}/u.test(word));
  return find(main, [...parts, ...others]);
}

function find(main: HTMLElement, words: readonly string[]): Range[] {
  const wanted = words.filter((word) => word.trim() !== '').map((word) => pattern(word.trim()));
  if (wanted.length === 0) return [];
  const any = new RegExp(wanted.join('|'), 'giu');
  const ranges: Range[] = [];
  const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT, (node) => (node.parentElement?.closest('article') && !node.parentElement.closest('svg, button, .fields') ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT));
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    for (const match of (node.nodeValue ?? '').matchAll(any)) {
      if (ranges.length >= MOST) return ranges;
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      ranges.push(range);
    }
  }
  return ranges;
}

/** A word as it stands, at the beginning of a word where it is a Latin one. */
function pattern(word: string): string {
  const literal = word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return /^\p{Script=Han}/u.test(word) ? literal : `(?<![\\p{L}\\p{N}])${literal}`;
}
