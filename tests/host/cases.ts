import * as vscode from 'vscode';

/** What the suites in the extension host share: no Node modules, no test library. */

export interface Case {
  readonly name: string;
  run(): Promise<void>;
}

export const RULE = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
spec:
  host: reviews
  trafficPolicy:
    outlierDetection:
      consecutive5xxErrors: 7
`;

export function check(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

export async function until(what: string, ready: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 800; tries++) {
    if (await ready()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain for ${what}`);
}

/** The texts of our hovers at the first occurrence of a word. */
export async function hoversAt(document: vscode.TextDocument, word: string): Promise<string[]> {
  const position = document.positionAt(document.getText().indexOf(word) + 1);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, position);
  return hovers.flatMap((hover) => hover.contents.map((content) => (typeof content === 'string' ? content : content.value)));
}

export async function yaml(content: string, language = 'yaml'): Promise<vscode.TextDocument> {
  return vscode.workspace.openTextDocument({ content, language });
}

export async function hoverOf(content: string, word = 'consecutive5xxErrors'): Promise<string> {
  return (await hoversAt(await yaml(content), word)).join('\n');
}

export function labelOf(label: string | vscode.CompletionItemLabel): string {
  return typeof label === 'string' ? label : label.label;
}

/** Whether an item is ours. */
export function describes({ label }: vscode.CompletionItem): boolean {
  return typeof label !== 'string' && label.description === 'Istio Handbook';
}

/** Our completion items at the cursor, written `<|>`, with their documentation. */
export async function completionsAt(marked: string, language = 'yaml'): Promise<vscode.CompletionItem[]> {
  const document = await yaml(marked.replace('<|>', ''), language);
  const position = document.positionAt(marked.indexOf('<|>'));
  const list = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, position, undefined, 50);
  return list.items.filter(describes);
}

/** Runs cases one after another; each reports one line, `CASE {"name", "error"}`, which the test outside reads. */
export async function runAll(cases: readonly Case[]): Promise<void> {
  let failed = 0;
  for (const { name, run: runCase } of cases) {
    let error: string | undefined;
    try {
      await runCase();
    } catch (thrown) {
      error = String((thrown as Error).stack ?? thrown);
      failed++;
    }
    console.log(`CASE ${JSON.stringify({ name, error })}`);
  }
  if (failed > 0) throw new Error(`${failed} cases failed`);
}
