import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { figureHash, figureProblems, figureTitle, sanitizeFigure, type Drawing } from '../src/build/figures.ts';
import { LANGUAGES } from '../src/core/base/language.ts';

/**
 * Draws `content/figures/<id>.<lang>.mmd` as `<id>.<lang>.svg`: those whose drawing is not of their source, or, given
 * ids, those. `--force` draws them whatever they carry. Needs Debian's `chromium` and `fonts-noto-cjk`.
 */

const root = join(import.meta.dirname, '..');
const folder = join(root, 'content/figures');

/** The text's measure, and a little: a page shrinks what is wider, with its letters. */
const WIDEST = 740;

/** DejaVu Sans is wider than the fonts of the workbench on any system, so what fits here fits there. */
const FONTS = '"DejaVu Sans", "Noto Sans CJK SC", sans-serif';

const CONFIG = {
  startOnLoad: false,
  securityLevel: 'strict',
  theme: 'base',
  look: 'classic',
  htmlLabels: false,
  markdownAutoWrap: true,
  fontFamily: FONTS,
  // Mermaid sets all of a sequence in this size, whatever is written below.
  fontSize: 13,
  themeVariables: { fontFamily: FONTS, fontSize: '14px' },
  themeCSS: '.edgeLabel text, .edgeLabel tspan, .cluster-label text, .cluster-label tspan { font-size: 12.5px; }',
  flowchart: {
    htmlLabels: false,
    curve: 'basis',
    nodeSpacing: 28,
    rankSpacing: 38,
    padding: 11,
    diagramPadding: 0,
    wrappingWidth: 150,
    inheritDir: true,
    subGraphTitleMargin: { top: 6, bottom: 12 },
  },
  sequence: {
    mirrorActors: false,
    width: 88,
    height: 38,
    actorMargin: 20,
    boxMargin: 8,
    boxTextMargin: 5,
    noteMargin: 8,
    messageMargin: 32,
    diagramMarginX: 4,
    diagramMarginY: 4,
  },
} as const;

interface Figure {
  readonly id: string;
  readonly lang: (typeof LANGUAGES)[number];
  readonly source: string;
  /** Where the drawing goes. */
  readonly file: string;
}

async function readFigures(): Promise<Figure[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.mmd')).sort();
  const figures = names.map(async (name) => {
    const [, id, lang] = /^([a-z0-9-]+)\.([a-z-]+)\.mmd$/.exec(name) ?? [];
    const language = LANGUAGES.find((each) => each === lang);
    if (id === undefined || language === undefined) throw new Error(`${name}: not <id>.<lang>.mmd`);
    const path = join(folder, name);
    return { id, lang: language, source: await readFile(path, 'utf8'), file: path.replace(/\.mmd$/, '.svg') };
  });
  return Promise.all(figures);
}

async function isDrawn({ file, source }: Figure): Promise<boolean> {
  const svg = await readFile(file, 'utf8').catch(() => '');
  return svg.includes(`data-hash="${figureHash(source)}"`);
}

/** A page with Mermaid and our measuring beside it. */
async function openDrawingPage(): Promise<{ page: Page; close(): Promise<void> }> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'] });
  const page = await browser.newPage({ viewport: { width: 1600, height: 1200 } });
  await page.addScriptTag({ path: join(root, 'node_modules/mermaid/dist/mermaid.min.js') });
  await page.addScriptTag({ path: join(import.meta.dirname, 'figures.page.js') });
  return { page, close: () => browser.close() };
}

/** Decisions as hexagons: a diamond takes several times the room of its words. */
function flatDecisions(source: string): string {
  return source.replace(/(?<=\w)\{(?!\{)([^{}\n]+)\}(?!\})/g, '{{$1}}');
}

async function draw(page: Page, { id, lang, source, file }: Figure): Promise<string> {
  const title = figureTitle(source);
  if (title === undefined) throw new Error('the first line has to say what the figure shows: %% …');
  const drawing = (await page.evaluate(`drawFigure(${JSON.stringify(flatDecisions(source))}, ${JSON.stringify(CONFIG)})`)) as Drawing;
  const svg = sanitizeFigure(drawing, { id, lang, title, hash: figureHash(source) });
  const problems = figureProblems(svg);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  await writeFile(file, svg);
  const { width, height } = drawing.box;
  return `${Math.round(width)} x ${Math.round(height)}${width > WIDEST ? `, wider than ${WIDEST}: the page will shrink its letters` : ''}`;
}

async function main(args: readonly string[]): Promise<void> {
  const ids = new Set(args.filter((arg) => !arg.startsWith('--')));
  const force = args.includes('--force');
  const all = await readFigures();
  const unknown = [...ids].filter((id) => !all.some((figure) => figure.id === id));
  if (unknown.length > 0) throw new Error(`no figure ${unknown.join(', ')}`);
  const wanted: Figure[] = [];
  for (const figure of all) if ((ids.size === 0 || ids.has(figure.id)) && (force || !(await isDrawn(figure)))) wanted.push(figure);
  if (wanted.length === 0) return console.log(`${all.length} figures are drawn already`);
  const { page, close } = await openDrawingPage();
  try {
    for (const figure of wanted) {
      const name = `${figure.id}.${figure.lang}`;
      const told = await draw(page, figure).catch((error: Error) => {
        process.exitCode = 1;
        return `failed: ${error.message.split('\n').slice(0, 4).join('\n  ')}`;
      });
      console.log(`${name}: ${told}`);
    }
  } finally {
    await close();
  }
}

await main(process.argv.slice(2));
