import type { ReaderState } from '../core/reader/messages.ts';

/** Where the text begins below the toolbar, in pixels. */
const TOP = 56;
/** How long a page rests before its position is told, and before what is in sight counts as read, in milliseconds. */
const REST = 150;
const DWELL = 1200;

/** Knows which section is being read, marks it in the contents, and tells when the reader has come to rest. */
export class Position {
  private sections: HTMLElement[] = [];
  private fallback = '';
  private timer: ReturnType<typeof setTimeout> | undefined;
  private dwelling: ReturnType<typeof setTimeout> | undefined;
  private frame = 0;
  private held: { readonly target: HTMLElement; readonly offset: number } | undefined;

  /**
   * @param tell is given the place at every move, and once more when it has come to rest
   * @param seen is given how much of each section has been in sight for a while
   */
  constructor(
    private readonly tell: (state: ReaderState, atRest: boolean) => void,
    private readonly seen: (section: string, part: number) => void,
  ) {
    window.addEventListener('scroll', () => this.moved(), { passive: true });
    // Text that is laid out anew, as in a panel that gets another width, keeps the place that was being read.
    const layout = new ResizeObserver(() => this.align());
    layout.observe(document.body);
  }

  /** @param fallback what is being read while no section has been reached */
  watch(main: HTMLElement, fallback: string): void {
    this.sections = [...main.querySelectorAll<HTMLElement>('article > section[id]')];
    this.fallback = fallback;
    this.held = undefined;
    this.moved();
  }

  /**
   * Scrolls to an element, or to the top of the page.
   * @param offset how much of the element has been read, from 0 to 1
   */
  goTo(target: HTMLElement | undefined, offset: number): void {
    this.held = target && { target, offset };
    if (target) this.align();
    else window.scrollTo({ top: 0, behavior: 'instant' });
    this.moved();
  }

  private align(): void {
    if (!this.held?.target.isConnected) return;
    const { top, height } = this.held.target.getBoundingClientRect();
    window.scrollTo({ top: top + window.scrollY - TOP + this.held.offset * height, behavior: 'instant' });
  }

  private moved(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      const state = this.state();
      this.hold(state);
      this.mark(state.section);
      this.tell(state, false);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.tell(this.state(), true), REST);
      clearTimeout(this.dwelling);
      this.dwelling = setTimeout(() => this.tellSeen(), DWELL);
    });
  }

  /** What is being read. */
  get current(): string {
    return this.state().section;
  }

  private tellSeen(): void {
    if (document.visibilityState === 'hidden') return;
    for (const section of this.sections) {
      const { top, bottom, height } = section.getBoundingClientRect();
      if (bottom < TOP || top > window.innerHeight || height === 0) continue;
      this.seen(section.id, Math.min(1, Number(((window.innerHeight - top) / height).toFixed(3))));
    }
  }

  private hold({ section, offset }: ReaderState): void {
    const target = document.getElementById(section);
    this.held = target && this.sections.includes(target) ? { target, offset } : undefined;
  }

  private state(): ReaderState {
    const reached = this.sections.findLast((section) => section.getBoundingClientRect().top <= TOP + 8);
    const atEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 4;
    const current = atEnd && window.scrollY > 0 ? (this.sections.findLast((section) => section.getBoundingClientRect().top < window.innerHeight / 2) ?? reached) : reached;
    if (!current) return { section: this.fallback, offset: 0 };
    const { top, height } = current.getBoundingClientRect();
    const read = height > 0 ? (TOP - top) / height : 0;
    return { section: current.id, offset: read < 1e-3 ? 0 : Number(Math.min(1, read).toFixed(4)) };
  }

  private mark(id: string): void {
    for (const link of document.querySelectorAll<HTMLAnchorElement>('.page-contents a')) {
      const here = link.getAttribute('href') === `#${id}`;
      if (here) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
  }
}
