import type { FromReader, ReaderWords } from '../core/reader/messages.ts';
import { button, element, icon } from './dom.ts';

/** Puts the buttons on a code block; they stay in reach however tall or wide it is. */
export function codeTools(block: HTMLElement, words: ReaderWords, tell: (message: FromReader) => void): void {
  const text = block.querySelector('code')?.textContent ?? '';
  const language = block.dataset['language'] ?? 'text';
  const copy = button('copy', words.copy, () => {
    tell({ type: 'copy', text });
    confirm(copy, words);
  });
  const tools = element('div', { class: 'code-tools', role: 'group', 'aria-label': words.codeActions }, [copy]);
  if (block.dataset['kind'] === 'wrong') tools.prepend(element('span', { class: 'code-label' }, [words.wrongExample]));
  if (language === 'yaml') {
    tools.append(
      button('insert', words.insert, () => tell({ type: 'insert', text })),
      button('openFile', words.openFile, () => tell({ type: 'openFile', text, language })),
    );
  }
  block.prepend(tools);
}

function confirm(copy: HTMLButtonElement, words: ReaderWords): void {
  copy.replaceChildren(icon('done'));
  copy.title = words.copied;
  copy.setAttribute('aria-label', words.copied);
  setTimeout(() => {
    copy.replaceChildren(icon('copy'));
    copy.title = words.copy;
    copy.setAttribute('aria-label', words.copy);
  }, 1500);
}
