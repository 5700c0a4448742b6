import * as vscode from 'vscode';
import type { Preferences } from '../core/reader/messages.ts';
import type { TokenColors } from '../core/reader/tokenColors.ts';
import { SETTINGS } from './names.ts';

/** The reader's settings, with everything out of bounds left to the page. */
export function readerPreferences(colors: TokenColors): Preferences {
  const configuration = vscode.workspace.getConfiguration();
  const number = (name: string, least: number, most: number) => {
    const value = configuration.get(name);
    return typeof value === 'number' && value >= least && value <= most ? value : 0;
  };
  const family = configuration.get(SETTINGS.fontFamily);
  return {
    fontFamily: typeof family === 'string' ? family.trim() : '',
    fontSize: number(SETTINGS.fontSize, 8, 40),
    lineHeight: number(SETTINGS.lineHeight, 1, 3),
    lineWidth: number(SETTINGS.lineWidth, 30, 200),
    colors,
  };
}

/** Whether a change of settings changes how the page looks. */
export function affectsPreferences(event: vscode.ConfigurationChangeEvent): boolean {
  return [SETTINGS.fontFamily, SETTINGS.fontSize, SETTINGS.lineHeight, SETTINGS.lineWidth].some((name) => event.affectsConfiguration(name));
}
