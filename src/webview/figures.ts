import type { ReaderWords } from '../core/reader/messages.ts';
import { button, element } from './dom.ts';

/** Lets the figures of a page be enlarged, by a click or by their button. */
export function enlargeableFigures(main: HTMLElement, words: ReaderWords): void {
  for (const figure of main.querySelectorAll<HTMLElement>('.figure')) {
    const drawing = figure.querySelector('svg');
    if (!drawing) continue;
    const open = () => enlarge(drawing, figure.querySelector('figcaption')?.textContent ?? '', words);
    drawing.addEventListener('click', open);
    const more = button('enlarge', words.enlarge, open);
    more.classList.add('enlarge');
    figure.append(more);
  }
}

function enlarge(drawing: SVGSVGElement, caption: string, words: ReaderWords): void {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const dialog = element('dialog', { class: 'enlarged', 'aria-label': caption }, []);
  const close = button('close', words.close, () => dialog.close());
  dialog.append(close, copy, element('p', {}, [caption]));
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
