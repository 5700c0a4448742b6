import * as vscode from 'vscode';
import type { Hit, Search } from '../core/book/search.ts';
import type { Library } from './library.ts';
import { COMMANDS } from './names.ts';
import { hitText, type ResultsView } from './results.ts';

interface HitItem extends vscode.QuickPickItem {
  readonly hit: Hit;
}

/** How many hits the list shows, and how many the view keeps. */
const MOST_LISTED = 30;
const MOST_KEPT = 100;

/** The search command: results as you type, each leading to its section, or all of them kept in a view. */
export function registerSearch(library: Library, results: ResultsView): vscode.Disposable {
  return vscode.commands.registerCommand(COMMANDS.search, async (query?: unknown) => {
    const search = await library.search();
    const choice = await choose(search, typeof query === 'string' ? query : '');
    if (!choice) return;
    const marks = search.marks(choice.query);
    if (choice.hit) await vscode.commands.executeCommand(COMMANDS.open, { id: choice.hit.section, marks });
    else await results.show({ query: choice.query, hits: search.find(choice.query, MOST_KEPT), marks });
  });
}

/** What was typed, and the hit that was chosen; without one all hits are to be kept. */
interface Choice {
  readonly query: string;
  readonly hit?: Hit;
}

async function choose(search: Search, query: string): Promise<Choice | undefined> {
  const pick = vscode.window.createQuickPick<HitItem>();
  // The search has ranked them; by itself the list puts labels that hold the query first. Not in the typed API yet.
  (pick as { sortByLabel?: boolean }).sortByLabel = false;
  pick.placeholder = vscode.l10n.t('Search titles, terms, fields and text, in English or Chinese');
  const keep: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('list-tree'), tooltip: vscode.l10n.t('Keep the results in a view') };
  pick.buttons = [keep];
  pick.value = query;
  const update = () => {
    pick.items = search.find(pick.value, MOST_LISTED).map(hitItem);
  };
  pick.onDidChangeValue(update);
  update();
  try {
    return await new Promise<Choice | undefined>((resolve) => {
      pick.onDidAccept(() => {
        // Whoever types and presses Enter at once is ahead of the list: what is active may be of an older query.
        const active = pick.activeItems.find((item) => pick.items.includes(item)) ?? pick.items[0];
        resolve(active && { query: pick.value, hit: active.hit });
      });
      pick.onDidTriggerButton(() => resolve(pick.items.length === 0 ? undefined : { query: pick.value }));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

function hitItem(hit: Hit): HitItem {
  const { label, detail } = hitText(hit);
  const [where = '', ...excerpt] = hit.kind === 'field' ? [detail] : detail.split(' · ');
  // The search has ranked and matched already; the pick list must not filter again.
  return {
    label: `${hit.kind === 'field' ? '$(symbol-field)' : '$(book)'} ${label}`,
    description: where,
    ...(excerpt.length > 0 ? { detail: excerpt.join(' · ') } : {}),
    alwaysShow: true,
    hit,
  };
}
