import type { ExplainedField, FromReader, Page } from '../core/reader/messages.ts';
import { button, element } from './dom.ts';

/** The one small window that explains a word of the page, beside it: a term, a footnote, a field. */
export class Popover {
  private box: HTMLElement | undefined;
  private anchor: HTMLElement | undefined;
  /** The field that was asked for: an answer that comes late is not shown for another. */
  private asked: { readonly path: string; readonly anchor: HTMLElement } | undefined;

  constructor(private readonly tell: (message: FromReader) => void) {
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.box) {
        event.preventDefault();
        this.close(true);
      }
    });
    document.addEventListener('click', (event) => {
      const inside = event.target instanceof Node && (this.box?.contains(event.target) || this.anchor?.contains(event.target));
      if (!inside) this.close(false);
    });
  }

  /** Shows what a term of the glossary means; a second click closes it. */
  term(anchor: HTMLElement, id: string, page: Page): void {
    const term = page.terms.find((each) => each.id === id);
    if (!term) return;
    const title = element('p', { class: 'popover-title' }, [element('strong', {}, [term.term]), ...(term.other === term.term ? [] : [' · ', term.other])]);
    const children = [title, element('p', {}, inlineCode(term.doc))];
    if (term.section !== undefined) children.push(element('p', {}, [element('a', { href: `#${term.section}` }, [`${page.words.readOn}: ${term.sectionTitle ?? ''}`])]));
    this.show(anchor, term.term, children, page);
  }

  /** Shows a footnote where it is referred to. */
  footnote(anchor: HTMLElement, id: string, page: Page): void {
    const note = document.getElementById(id)?.cloneNode(true) as HTMLElement | undefined;
    if (!note) return;
    for (const back of note.querySelectorAll('.footnote-backref')) back.remove();
    this.show(anchor, anchor.textContent ?? '', [...note.childNodes], page);
  }

  /** Asks for a field; the answer comes by {@link explained}. */
  field(anchor: HTMLElement, path: string): void {
    this.asked = { path, anchor };
    this.tell({ type: 'explain', path });
  }

  /** Shows what the reference says of the field that was asked for. */
  explained({ path, facts, text, example }: ExplainedField, page: Page): void {
    if (this.asked?.path !== path || !this.asked.anchor.isConnected) return;
    const children: HTMLElement[] = [
      element('p', { class: 'popover-title' }, [element('code', {}, [path])]),
      element('p', { class: 'popover-facts' }, [facts.join(' · ')]),
      ...text.map((sentence) => element('p', {}, inlineCode(sentence))),
    ];
    if (example !== '') {
      const insert = button('insert', page.words.insert, () => this.tell({ type: 'insert', text: example }));
      insert.append(element('span', {}, [page.words.insert]));
      children.push(element('pre', { tabindex: '0' }, [element('code', {}, [example])]), insert);
    }
    this.show(this.asked.anchor, path, children, page);
  }

  private show(anchor: HTMLElement, label: string, children: readonly Node[], { words }: Page): void {
    const again = this.anchor === anchor && this.box !== undefined;
    this.close(false);
    if (again) return;
    const close = button('close', words.close, () => this.close(true));
    const box = element('div', { class: 'popover', role: 'dialog', 'aria-label': label, tabindex: '-1' }, [close, ...(children as HTMLElement[])]);
    document.body.append(box);
    place(box, anchor);
    anchor.setAttribute('aria-expanded', 'true');
    this.box = box;
    this.anchor = anchor;
    box.focus({ preventScroll: true });
  }

  /** @param back whether the focus goes back to the word */
  close(back: boolean): void {
    this.box?.remove();
    this.anchor?.removeAttribute('aria-expanded');
    if (back) this.anchor?.focus({ preventScroll: true });
    this.box = this.anchor = undefined;
  }
}

/** Below the word where there is room, else above it, and within the page's width. */
function place(box: HTMLElement, anchor: HTMLElement): void {
  const MARGIN = 12;
  const at = anchor.getClientRects()[0] ?? anchor.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const left = Math.max(MARGIN, Math.min(at.left, document.documentElement.clientWidth - width - MARGIN));
  const below = at.bottom + height + MARGIN < window.innerHeight || at.top < height + MARGIN;
  box.style.left = `${left + window.scrollX}px`;
  box.style.top = `${(below ? at.bottom + 6 : at.top - height - 6) + window.scrollY}px`;
}

/** Text whose parts between backticks are code. */
function inlineCode(text: string): (string | HTMLElement)[] {
  return text.split('`').map((part, at) => (at % 2 === 0 ? part : element('code', {}, [part])));
}
