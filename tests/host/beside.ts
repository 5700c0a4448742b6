import * as vscode from 'vscode';
import { check, completionsAt, hoverOf, hoversAt, labelOf, RULE, runAll, until, type Case } from './cases.ts';

/** Runs beside a stand-in for the YAML extension, with a workspace in memory that no search provider knows. */

const ROUTES = vscode.Uri.parse('memory:/shop/routes.yaml');

async function positionIn(document: vscode.TextDocument, word: string): Promise<vscode.Position> {
  return document.positionAt(document.getText().indexOf(word) + word.length);
}

const CASES: readonly Case[] = [
  {
    name: 'the workspace is in memory, and the YAML extension is active',
    async run() {
      check(vscode.workspace.workspaceFolders?.[0]?.uri.scheme === 'memory', JSON.stringify(vscode.workspace.workspaceFolders));
      await until('the YAML extension', () => vscode.extensions.getExtension('redhat.vscode-yaml')?.isActive === true);
      const search = Promise.resolve(vscode.workspace.findFiles('**/*.yaml')).then((files) => `a search provider found ${files.length} files`, () => undefined);
      const silence = new Promise<undefined>((resolve) => setTimeout(resolve, 500, undefined));
      const answer = await Promise.race([search, silence]);
      check(answer === undefined, String(answer));
    },
  },
  {
    name: 'hovers are short by themselves, and full when asked',
    async run() {
      const setting = (mode: string | undefined) => vscode.workspace.getConfiguration().update('istioHandbook.hover', mode, vscode.ConfigurationTarget.Global);
      const [word, text] = ['mode', `${RULE}    tls:\n      mode: SIMPLE\n`];
      await until('the first hover', async () => (await hoverOf(text, word)) !== '');
      const auto = await hoverOf(text, word);
      await setting('full');
      const full = await hoverOf(text, word);
      await setting('short');
      const short = await hoverOf(text, word);
      await setting(undefined);
      check(auto === short && auto.length < full.length && auto.includes('dr-tls'), [auto, full].join('\n---\n'));
    },
  },
  {
    name: 'hovers answer in every scheme',
    async run() {
      const document = await vscode.workspace.openTextDocument(ROUTES);
      check((await hoversAt(document, 'gateways')).join().includes('VirtualService.spec.gateways'), 'no hover');
    },
  },
  {
    name: 'definition and references of subset, host and gateway',
    async run() {
      const document = await vscode.workspace.openTextDocument(ROUTES);
      for (const [word, file] of [['subset: v', 'destination-rule'], ['ingress/pub', 'gateway']] as const) {
        const at = await positionIn(document, word);
        const found = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>('vscode.executeDefinitionProvider', ROUTES, at);
        const [target] = found.flatMap((place) => ('targetUri' in place ? [{ uri: place.targetUri, range: place.targetRange }] : [place]));
        check(target !== undefined && target.uri.path.endsWith(`/${file}.yaml`), `${word}: ${JSON.stringify(found)}`);
        await vscode.workspace.openTextDocument(target.uri);
        const back = await vscode.commands.executeCommand<vscode.Location[]>('vscode.executeReferenceProvider', target.uri, target.range.start);
        check(back.some(({ uri }) => uri.path.endsWith('/routes.yaml')), `${word}: ${JSON.stringify(back)}`);
      }
    },
  },
  {
    name: 'completion of hosts, subsets and gateways',
    async run() {
      const route = (rest: string) => `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: a\n  namespace: shop\nspec:\n${rest}`;
      const labels = async (marked: string) => (await completionsAt(marked)).map(({ label }) => labelOf(label));
      const subsets = await labels(route('  http:\n  - route:\n    - destination:\n        host: reviews\n        subset: <|>\n'));
      check(subsets.includes('v1') && subsets.includes('v2'), subsets.join());
      const gateways = await labels(route('  gateways:\n  - <|>\n'));
      check(gateways.includes('ingress/public'), gateways.join());
      const hosts = await labels(route('  http:\n  - route:\n    - destination:\n        host: <|>\n'));
      check(hosts.some((host) => host.startsWith('reviews')), hosts.join());
    },
  },
];

export const run = (): Promise<void> => runAll(CASES);
