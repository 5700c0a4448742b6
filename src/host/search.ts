import * as vscode from 'vscode';
import type { Hit, Search } from '../core/book/search.ts';
import type { Library } from './library.ts';
import { COMMANDS } from './names.ts';

interface HitItem extends vscode.QuickPickItem {
  readonly hit: Hit;
}

/** The search command: results as you type, each leading to its section. */
export function registerSearch(library: Library): vscode.Disposable {
  return vscode.commands.registerCommand(COMMANDS.search, async (query?: unknown) => {
    const search = await library.search();
    const hit = await pickHit(search, typeof query === 'string' ? query : '');
    if (hit) await vscode.commands.executeCommand(COMMANDS.open, hit.section);
  });
}

async function pickHit(search: Search, query: string): Promise<Hit | undefined> {
  const pick = vscode.window.createQuickPick<HitItem>();
  // The search has ranked them; by itself the list puts labels that hold the query first. Not in the typed API yet.
  (pick as { sortByLabel?: boolean }).sortByLabel = false;
  pick.placeholder = vscode.l10n.t('Search titles, terms and fields, in English or Chinese');
  pick.value = query;
  const update = () => {
    pick.items = search.find(pick.value, 30).map(hitItem);
  };
  pick.onDidChangeValue(update);
  update();
  try {
    return await new Promise<Hit | undefined>((resolve) => {
      pick.onDidAccept(() => {
        // Whoever types and presses Enter at once is ahead of the list: what is active may be of an older query.
        const active = pick.activeItems.find((item) => pick.items.includes(item));
        resolve((active ?? pick.items[0])?.hit);
      });
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

function hitItem(hit: Hit): HitItem {
  const icon = hit.kind === 'field' ? '$(symbol-field)' : '$(book)';
  const label = hit.kind === 'field' ? hit.excerpt : hit.title;
  const description = hit.kind === 'field' ? hit.title : hit.excerpt;
  // The search has ranked and matched already; the pick list must not filter again.
  return { label: `${icon} ${label}`, description, alwaysShow: true, hit };
}
