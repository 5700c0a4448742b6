import * as vscode from 'vscode';
import type { TokenColors } from '../core/reader/tokenColors.ts';

interface ContributedTheme {
  readonly id?: string;
  readonly label?: string;
  readonly path?: string;
  readonly uiTheme?: string;
}

/** How themes name their kinds. */
const KINDS: Readonly<Record<string, vscode.ColorThemeKind>> = {
  vs: vscode.ColorThemeKind.Light,
  'vs-dark': vscode.ColorThemeKind.Dark,
  'hc-black': vscode.ColorThemeKind.HighContrast,
  'hc-light': vscode.ColorThemeKind.HighContrastLight,
};

/** A theme that includes others does so a few times at most. */
const DEEPEST = 8;

/**
 * The colours that the theme in use gives to code.
 * @returns none where its file cannot be read, as in the browser, or is not JSON: the page then has those of VS Code's own themes
 */
export async function themeColors(): Promise<TokenColors> {
  const file = themeFile();
  if (!file) return {};
  try {
    const { tokenColors } = await import('./later.ts');
    return tokenColors(await rulesOf(file, DEEPEST));
  } catch {
    return {};
  }
}

function themeFile(): vscode.Uri | undefined {
  const name = themeName();
  for (const extension of vscode.extensions.all) {
    const { contributes } = extension.packageJSON as { contributes?: { themes?: readonly ContributedTheme[] } };
    const theme = contributes?.themes?.find(({ id, label }) => id === name || label === name);
    // What is set may not be what is shown: while themes are still being found, or where the system decides.
    if (theme?.uiTheme !== undefined && KINDS[theme.uiTheme] !== vscode.window.activeColorTheme.kind) return undefined;
    if (typeof theme?.path === 'string') return vscode.Uri.joinPath(extension.extensionUri, theme.path);
  }
  return undefined;
}

/** The setting that holds; where VS Code follows the system, the one for its kind. */
function themeName(): unknown {
  const workbench = vscode.workspace.getConfiguration('workbench');
  const { kind } = vscode.window.activeColorTheme;
  const { Dark, HighContrast, HighContrastLight } = vscode.ColorThemeKind;
  if (vscode.workspace.getConfiguration('window').get('autoDetectHighContrast') && (kind === HighContrast || kind === HighContrastLight)) {
    const own = workbench.get<string>('colorTheme') ?? '';
    if (!/high contrast/i.test(own)) return workbench.get(kind === HighContrast ? 'preferredHighContrastColorTheme' : 'preferredHighContrastLightColorTheme');
  }
  if (vscode.workspace.getConfiguration('window').get('autoDetectColorScheme')) return workbench.get(kind === Dark ? 'preferredDarkColorTheme' : 'preferredLightColorTheme');
  return workbench.get('colorTheme');
}

/** The rules of a theme's file, those that it includes first. */
async function rulesOf(file: vscode.Uri, depth: number): Promise<unknown[]> {
  const { parseJsonc } = await import('./later.ts');
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  const theme = parseJsonc(text, [], { allowTrailingComma: true }) as { include?: unknown; tokenColors?: unknown } | undefined;
  const beside = (name: string) => vscode.Uri.joinPath(file, '..', name);
  const included = typeof theme?.include === 'string' && depth > 0 ? await rulesOf(beside(theme.include), depth - 1) : [];
  const own = typeof theme?.tokenColors === 'string' && depth > 0 ? await rulesOf(beside(theme.tokenColors), depth - 1) : theme?.tokenColors;
  return [...included, ...(Array.isArray(own) ? (own as unknown[]) : [])];
}
