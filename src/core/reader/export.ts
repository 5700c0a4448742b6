import type { Language } from '../base/language.ts';
import type { PageTerm } from './messages.ts';

/** A chapter as it is printed. */
export interface PrintChapter {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly verified: string;
  readonly sections: readonly { readonly id: string; readonly title: string; readonly html: string }[];
  readonly sources: readonly string[];
}

/** What is printed, and in what style. */
export interface Print {
  readonly language: Language;
  readonly title: string;
  readonly chapters: readonly PrintChapter[];
  readonly terms: readonly PageTerm[];
  /** The style sheet of the reader. */
  readonly style: string;
}

const WORDS: Readonly<Record<Language, Readonly<Record<'contents' | 'glossary' | 'sources' | 'verified', string>>>> = {
  en: { contents: 'Contents', glossary: 'Terms', sources: 'Sources', verified: 'Checked against Istio' },
  'zh-cn': { contents: '目录', glossary: '术语', sources: '参考来源', verified: '内容依据 Istio' },
};

/** Light colours for what the theme gives in the editor, and pages instead of a screen. */
const PRINT_STYLE = `:root{color-scheme:light;--vscode-editor-background:#fff;--vscode-editor-foreground:#1f2328;--vscode-foreground:#1f2328;--vscode-descriptionForeground:#59636e;--vscode-textLink-foreground:#0b5cad;--vscode-textCodeBlock-background:#f6f8fa;--vscode-widget-border:#d1d9e0;--vscode-editorWarning-foreground:#9a6700;--vscode-editorInfo-foreground:#0b5cad;--vscode-editorError-foreground:#b3261e;--vscode-charts-green:#1a7f37;--vscode-charts-blue:#0b5cad;--vscode-charts-orange:#9a6700;--vscode-charts-red:#b3261e;--vscode-charts-purple:#6639ba;--vscode-textBlockQuote-background:#f6f8fa}
.print{max-width:46rem;margin:0 auto;padding:24px}.print nav ol{padding-left:1.4em}.print .code-tools{display:none}.print .code pre{white-space:pre-wrap}
@media print{.print{max-width:none;padding:0}.print .chapter{break-before:page}.print section,.print .code,.print figure,.print tr{break-inside:avoid}.print h1,.print h2,.print h3{break-after:avoid}.print section{break-inside:auto}a{color:inherit}}`;

/** Chapters as one HTML file that needs nothing else: text, figures and style, links among what is in it. */
export function printPage({ language, title, chapters, terms, style }: Print): string {
  const words = WORDS[language];
  const known = new Set(chapters.flatMap(({ id, sections }) => [id, ...sections.map((section) => section.id)]));
  const used = terms.filter(({ id }) => chapters.some(({ sections }) => sections.some(({ html }) => html.includes(`#term:${id}"`))));
  const contents = chapters.map((chapter) => `<li><a href="#${chapter.id}">${escapeHtml(chapter.title)}</a>${chapters.length > 1 ? '' : `<ol>${chapter.sections.map(({ id, title: name }) => `<li><a href="#${id}">${escapeHtml(name)}</a></li>`).join('')}</ol>`}</li>`);
  const glossary = used.length === 0 ? '' : `<section class="chapter"><h1>${words.glossary}</h1><dl>${used.map(({ id, term, other, doc }) => `<dt id="term:${id}"><strong>${escapeHtml(term)}</strong>${other === term ? '' : ` · ${escapeHtml(other)}`}</dt><dd>${escapeHtml(doc).replaceAll(/`([^`]*)`/g, '<code>$1</code>')}</dd>`).join('')}</dl></section>`;
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${PRINT_STYLE}\n${style.replaceAll('</', '<\\/')}</style>
</head>
<body class="vscode-light">
<main class="print"><h1>${escapeHtml(title)}</h1><nav aria-label="${words.contents}"><ol>${contents.join('')}</ol></nav>
${chapters.map((chapter) => chapterHtml(chapter, known, words)).join('\n')}
${glossary}
</main>
</body>
</html>
`;
}

function chapterHtml({ id, title, summary, verified, sections, sources }: PrintChapter, known: ReadonlySet<string>, words: Readonly<Record<'sources' | 'verified', string>>): string {
  const body = sections.map((section) => `<section id="${section.id}"><h2>${escapeHtml(section.title)}</h2>${innerLinks(section.html, known)}</section>`).join('\n');
  const list = sources.map((address) => `<li><a href="${escapeHtml(address)}">${escapeHtml(address)}</a></li>`).join('');
  return `<article class="chapter" id="${id}"><header class="chapter-head"><h1>${escapeHtml(title)}</h1><p class="summary">${escapeHtml(summary)}</p><p class="facts">${words.verified} ${escapeHtml(verified)}</p></header>${body}<h3>${words.sources}</h3><ul>${list}</ul></article>`;
}

/** A link to a section that is not in the file becomes plain words. */
function innerLinks(html: string, known: ReadonlySet<string>): string {
  return html.replaceAll(/<a href="#([^":]+)">([\s\S]*?)<\/a>/g, (link, id: string, text: string) => (known.has(id.split('--')[0]!) || id.startsWith('fn') ? link : text));
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ESCAPES[character]!);
}
