import type { ReaderState } from '../core/reader/messages.ts';

const TOP = 56;

/** Knows which section is being read, marks it in the contents, and tells when the reader has come to rest. */
export class Position {
  private sections: HTMLElement[] = [];
  private fallback = '';
  private timer: ReturnType<typeof setTimeout> | undefined;
  private frame = 0;

  constructor(private readonly tell: (state: ReaderState, atRest: boolean) => void) {
    window.addEventListener('scroll', () => this.moved(), { passive: true });
    window.addEventListener('resize', () => this.moved(), { passive: true });
  }

  /** @param fallback what is being read while no section has been reached */
  watch(main: HTMLElement, fallback: string): void {
    this.sections = [...main.querySelectorAll<HTMLElement>('article > section[id]')];
    this.fallback = fallback;
    this.moved();
  }

  /** Scrolls to an element, or to the top of the page. */
  goTo(target: HTMLElement | undefined, offset: number): void {
    const top = target ? target.getBoundingClientRect().top + window.scrollY - TOP + offset : 0;
    window.scrollTo({ top, behavior: 'instant' });
    this.moved();
  }

  private moved(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      const state = this.state();
      this.mark(state.section);
      this.tell(state, false);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.tell(this.state(), true), 150);
    });
  }

  private state(): ReaderState {
    const reached = this.sections.findLast((section) => section.getBoundingClientRect().top <= TOP + 8);
    const atEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 4;
    const current = atEnd && window.scrollY > 0 ? (this.sections.findLast((section) => section.getBoundingClientRect().top < window.innerHeight / 2) ?? reached) : reached;
    if (!current) return { section: this.fallback, offset: 0 };
    return { section: current.id, offset: Math.round(TOP - current.getBoundingClientRect().top) };
  }

  private mark(id: string): void {
    for (const link of document.querySelectorAll<HTMLAnchorElement>('.page-contents a')) {
      const here = link.getAttribute('href') === `#${id}`;
      if (here) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
  }
}
