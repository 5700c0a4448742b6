import * as vscode from 'vscode';
import { check, completionsAt, describes, hoverOf, hoversAt, labelOf, RULE, runAll, until, yaml, type Case } from './cases.ts';

/** Runs inside the extension host, Node or web worker, with the sample as its workspace. */

function readerTab(): vscode.Tab | undefined {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs).find((tab) => tab.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith('istioHandbook.reader'));
}

async function setLanguage(language: string | undefined): Promise<void> {
  await vscode.workspace.getConfiguration().update('istioHandbook.language', language, vscode.ConfigurationTarget.Global);
}

const CASES: readonly Case[] = [
  {
    name: 'the workspace is trusted, as this run expects',
    async run() {
      check(vscode.workspace.isTrusted, 'not trusted');
    },
  },
  {
    name: 'a YAML file activates the extension, and every command is there',
    async run() {
      await yaml(RULE);
      const extension = vscode.extensions.all.find(({ packageJSON }) => packageJSON.name === 'istio-handbook');
      check(extension, 'the extension is not installed');
      await until('activation', () => extension.isActive);
      const declared = (extension.packageJSON.contributes.commands as { command: string }[]).map(({ command }) => command);
      const known = await vscode.commands.getCommands(true);
      for (const command of declared) check(known.includes(command), `${command} is not registered`);
    },
  },
  {
    name: 'hover answers with the field and a link to its section',
    async run() {
      const text = await hoverOf(RULE);
      check(text.includes('DestinationRule.spec.trafficPolicy.outlierDetection.consecutive5xxErrors'), text);
      check(text.includes('command:istioHandbook.open?'), text);
      check(text.includes('dr-outlier-detection'), text);
    },
  },
  {
    name: 'hover answers in files of the workspace',
    async run() {
      const [file] = await vscode.workspace.findFiles('**/destination-rules.yaml');
      check(file, 'the sample has no destination-rules.yaml');
      const document = await vscode.workspace.openTextDocument(file);
      check((await hoversAt(document, 'subsets')).join().includes('DestinationRule.spec.subsets'), 'no hover');
    },
  },
  {
    name: 'hover answers in Helm templates, with CRLF, behind a byte order mark and among conflict markers',
    async run() {
      const documents = [
        RULE.replace('name: reviews', 'name: {{ .Release.Name }}'),
        RULE.replaceAll('\n', '\r\n'),
        `\ufeff${RULE}`,
        RULE.replace('  host: reviews', '<<<<<<< ours\n  host: reviews\n=======\n  host: ratings\n>>>>>>> theirs'),
        `# 说明\n---\n${RULE}---\nkind: Service\n`,
      ];
      for (const content of documents) check((await hoverOf(content)).includes('consecutive5xxErrors'), content);
      const other = await hoverOf('apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n', 'metadata');
      check(!other.includes('istioHandbook'), other);
    },
  },
  {
    name: 'completion offers keys and values where they fit, with what the hover says',
    async run() {
      const items = await completionsAt(RULE.replace('  trafficPolicy:', '  <|>\n  trafficPolicy:'));
      const exportTo = items.find(({ label }) => labelOf(label) === 'exportTo');
      check(exportTo, items.map(({ label }) => labelOf(label)).join());
      check(!items.some(({ label }) => labelOf(label) === 'trafficPolicy'), 'trafficPolicy is there already');
      check(exportTo.documentation instanceof vscode.MarkdownString && exportTo.documentation.value.includes('dr-host-exportto'), 'no section');
      const modes = await completionsAt(`${RULE}    tls:\n      mode: <|>\n`);
      check(modes.some(({ label }) => labelOf(label) === 'ISTIO_MUTUAL'), 'no modes');
      const template = await completionsAt(`${RULE}    tls:\n      mode: <|>\n`.replace('name: reviews', 'name: {{ .Release.Name }}'), 'yaml');
      check(template.some(({ label }) => labelOf(label) === 'ISTIO_MUTUAL'), 'no modes in a template');
      const other = await completionsAt('apiVersion: v1\nkind: Service\nspec:\n  <|>\n');
      check(other.length === 0, other.map(({ label }) => labelOf(label)).join());
    },
  },
  {
    name: 'a completion is written with the indentation of its document',
    async run() {
      const document = await yaml('apiVersion: networking.istio.io/v1\nkind: VirtualService\nspec:\n    http:\n    - name: a\n      rou\n');
      const editor = await vscode.window.showTextDocument(document);
      const at = new vscode.Position(5, 9);
      editor.selection = new vscode.Selection(at, at);
      const list = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, at);
      const route = list.items.find((item) => labelOf(item.label) === 'route' && describes(item));
      check(route?.insertText instanceof vscode.SnippetString && route.range instanceof vscode.Range, 'no route');
      await editor.insertSnippet(route.insertText, route.range, { keepWhitespace: true } as never);
      check(document.getText().includes('      route:\n      - destination:\n            host: '), document.getText());
    },
  },
  {
    name: 'a subset leads to its DestinationRule in another file, and back',
    async run() {
      const [routes] = await vscode.workspace.findFiles('**/virtual-services.yaml');
      check(routes, 'the sample has no virtual-services.yaml');
      const document = await vscode.workspace.openTextDocument(routes);
      const subset = document.positionAt(/subset: \w/.exec(document.getText())!.index + 9);
      const found = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>('vscode.executeDefinitionProvider', routes, subset);
      const [target] = found.flatMap((place) => ('targetUri' in place ? [{ uri: place.targetUri, range: place.targetRange }] : [place]));
      check(target && target.uri.path.endsWith('/destination-rules.yaml'), JSON.stringify(found));
      const rules = await vscode.workspace.openTextDocument(target.uri);
      check(rules.getText(target.range) === document.getText(document.getWordRangeAtPosition(subset)), rules.getText(target.range));
      const back = await vscode.commands.executeCommand<vscode.Location[]>('vscode.executeReferenceProvider', target.uri, target.range.start);
      check(back.some(({ uri }) => uri.path.endsWith('/virtual-services.yaml')), JSON.stringify(back));
      const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', routes, 100);
      check(links.some((link) => link.target?.path.endsWith('/gateway.yaml')), JSON.stringify(links));
    },
  },
  {
    name: 'a hover says as much as the setting wants, and where a reference is defined',
    async run() {
      const say = async (mode: string | undefined): Promise<string> => {
        await vscode.workspace.getConfiguration().update('istioHandbook.hover', mode, vscode.ConfigurationTarget.Global);
        return hoverOf(`${RULE}    tls:\n      mode: SIMPLE\n`, 'SIMPLE');
      };
      const [full, short, link, auto] = [await say('full'), await say('short'), await say('link'), await say(undefined)];
      check(full === auto, 'auto is full without the YAML extension');
      check(full.length > short.length && short.length > link.length, [full, short, link].join('\n---\n'));
      check([full, short, link].every((text) => text.includes('dr-tls')), 'the section is missing');
      const [routes] = await vscode.workspace.findFiles('**/virtual-services.yaml');
      const document = await vscode.workspace.openTextDocument(routes!);
      await until('the definition in the hover', async () => (await hoversAt(document, 'subset: v')).length > 0 && /destination-rules\.yaml:\d+/.test((await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', routes, document.positionAt(/subset: \w/.exec(document.getText())!.index + 9))).flatMap(({ contents }) => contents.map((content) => (typeof content === 'string' ? content : content.value))).join()));
    },
  },
  {
    name: 'resources are symbols of the workspace, and follow its files',
    async run() {
      const symbols = async (query: string) => (await vscode.commands.executeCommand<vscode.SymbolInformation[]>('vscode.executeWorkspaceSymbolProvider', query)).map(({ name }) => name);
      check((await symbols('DestinationRule reviews')).includes('DestinationRule reviews'), 'no symbol');
      const [folder] = vscode.workspace.workspaceFolders ?? [];
      check(folder, 'no folder');
      const file = vscode.Uri.joinPath(folder.uri, 'new-rule.yaml');
      await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(RULE.replace('name: reviews', 'name: brand-new')));
      await until('the new symbol', async () => (await symbols('brand-new')).includes('DestinationRule brand-new'));
      await vscode.workspace.fs.delete(file);
      await until('its end', async () => !(await symbols('brand-new')).includes('DestinationRule brand-new'));
    },
  },
  {
    name: 'the language of hovers follows the setting, in place',
    async run() {
      await setLanguage('zh-cn');
      check(/[\u4e00-\u9fff]/.test(await hoverOf(RULE)), 'not Chinese');
      await setLanguage('en');
      check(!/[\u4e00-\u9fff]/.test(await hoverOf(RULE)), 'not English');
      await setLanguage(undefined);
    },
  },
  {
    name: 'opening a section opens one reader, whichever way and however often',
    async run() {
      await vscode.commands.executeCommand('istioHandbook.open');
      await vscode.commands.executeCommand('istioHandbook.open', 'vs-http-retries');
      await vscode.commands.executeCommand('istioHandbook.open', 'dr-outlier-detection');
      await until('the reader', () => readerTab() !== undefined);
      await until('its title', () => readerTab()?.label === 'DestinationRule');
      await vscode.commands.executeCommand('istioHandbook.previousChapter');
      await until('the chapter before', () => readerTab()?.label === 'VirtualService');
      await vscode.commands.executeCommand('istioHandbook.back');
      await until('the way back', () => readerTab()?.label === 'DestinationRule');
      const readers = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => tab.input instanceof vscode.TabInputWebview);
      check(readers.length === 1, `${readers.length} readers`);
    },
  },
  {
    name: 'an unknown section and nonsense leave the reader usable',
    async run() {
      for (const id of ['no-such-section', '', 7, { a: 1 }, '../../etc', '<script>']) {
        await vscode.commands.executeCommand('istioHandbook.open', id);
      }
      await vscode.commands.executeCommand('istioHandbook.open', 'dr-subsets');
      await until('the reader', () => readerTab()?.label === 'DestinationRule');
    },
  },
  {
    name: 'a thousand quick openings end where the last one led',
    async run() {
      const ids = ['vs-overview', 'dr-overview', 'istio-components'];
      await Promise.all(Array.from({ length: 999 }, (_, index) => vscode.commands.executeCommand('istioHandbook.open', ids[index % 3])));
      await vscode.commands.executeCommand('istioHandbook.open', 'vs-overview');
      await until('the last page', () => readerTab()?.label === 'VirtualService');
    },
  },
  {
    name: 'what is wrong is told while it is written, with a fix and the way to its section',
    async run() {
      const document = await yaml(`${RULE.replace('outlierDetection', 'outlierDetecton').replace('host: reviews', 'host: Reviews_1')}    tls:\n      mode: SIMPLE\n`);
      // What the workspace says of it comes later.
      const ours = () => vscode.languages.getDiagnostics(document.uri).filter(({ source, code }) => source === 'Istio Handbook' && typeof code === 'object' && code.value === 'IST0106');
      await until('the findings', () => ours().length === 2);
      const misspelt = ours().find(({ message }) => message.includes('outlierDetecton'))!;
      check(misspelt && document.getText(misspelt.range) === 'outlierDetecton', JSON.stringify(ours()));
      check(typeof misspelt.code === 'object' && misspelt.code.value === 'IST0106' && misspelt.code.target.scheme === vscode.env.uriScheme && /^\/dr-/.test(misspelt.code.target.path), JSON.stringify(misspelt.code));
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, misspelt.range);
      const rename = actions.find(({ title }) => title.includes('outlierDetection'));
      check(rename?.edit, actions.map(({ title }) => title).join());
      check(actions.some(({ command }) => command?.command === 'istioHandbook.open'), 'no way to the section');
      await vscode.workspace.applyEdit(rename.edit);
      check(document.getText().includes('    outlierDetection:'), document.getText());
      await until('one finding less', () => ours().length === 1);
      await vscode.workspace.getConfiguration().update('istioHandbook.checks.severity', { IST0106: 'hint' }, vscode.ConfigurationTarget.Global);
      await until('its new severity', () => ours()[0]?.severity === vscode.DiagnosticSeverity.Hint);
      await vscode.workspace.getConfiguration().update('istioHandbook.checks.severity', undefined, vscode.ConfigurationTarget.Global);
      const template = await yaml(RULE.replace('host: reviews', '{{ include "x" . }}'));
      await new Promise((resolve) => setTimeout(resolve, 500));
      check(vscode.languages.getDiagnostics(template.uri).every(({ source }) => source !== 'Istio Handbook'), 'a template has findings');
    },
  },
  {
    name: 'resources are checked against each other over the workspace, and follow edits',
    async run() {
      const document = await yaml('apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: extra\n  namespace: bookinfo\nspec:\n  hosts:\n  - extra.example.com\n  gateways:\n  - istio-ingress/nowhere\n  http:\n  - route:\n    - destination:\n        host: reviews\n        subset: v99\n');
      const ours = () => vscode.languages.getDiagnostics(document.uri).filter(({ code }) => typeof code === 'object' && code.value === 'IST0101').map(({ range }) => document.getText(range)).sort();
      await until('the missing gateway and subset', () => ours().join() === 'istio-ingress/nowhere,v99');
      const edit = new vscode.WorkspaceEdit();
      const at = document.getText().indexOf('v99');
      edit.replace(document.uri, new vscode.Range(document.positionAt(at), document.positionAt(at + 3)), 'v2');
      await vscode.workspace.applyEdit(edit);
      await until('the subset found', () => ours().join() === 'istio-ingress/nowhere');
    },
  },
  {
    name: 'a finding is fixed in another file',
    async run() {
      const document = await yaml('apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: extra\n  namespace: bookinfo\nspec:\n  hosts:\n  - extra.example.com\n  http:\n  - route:\n    - destination:\n        host: reviews\n        subset: v99\n');
      const ours = () => vscode.languages.getDiagnostics(document.uri).find(({ range }) => document.getText(range) === 'v99');
      await until('the missing subset', () => ours() !== undefined);
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, ours()!.range, undefined, 20);
      const add = actions.find(({ title }) => title.includes('DestinationRule bookinfo/reviews'));
      check(add?.edit, actions.map(({ title }) => title).join());
      const [[uri, edits] = []] = add.edit.entries();
      check(uri?.path.endsWith('/destination-rules.yaml') && edits?.[0]?.newText.includes('- name: v99'), JSON.stringify(add.edit.entries()));
    },
  },
  {
    name: 'only what is under one root conflicts: by the setting, and by kustomizations',
    async run() {
      const [folder] = vscode.workspace.workspaceFolders ?? [];
      check(folder, 'no folder');
      const write = (path: string, text: string) => vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder.uri, path), new TextEncoder().encode(text));
      const sidecar = (name: string) => `apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata:\n  name: ${name}\n  namespace: two-roots\nspec:\n  egress:\n  - hosts:\n    - ./*\n`;
      await write('clusters/one/sidecar.yaml', sidecar('one'));
      await write('clusters/two/sidecar.yaml', sidecar('two'));
      const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, 'clusters/one/sidecar.yaml'));
      const conflicts = () => vscode.languages.getDiagnostics(document.uri).some(({ code }) => typeof code === 'object' && code.value === 'IST0111');
      const set = (roots: string[] | undefined) => vscode.workspace.getConfiguration().update('istioHandbook.roots', roots, vscode.ConfigurationTarget.Global);
      await until('the conflict', conflicts);
      await set(['clusters/*']);
      await until('its end by the setting', () => !conflicts());
      await set(undefined);
      await until('the conflict again', conflicts);
      await write('clusters/two/kustomization.yaml', 'resources:\n- sidecar.yaml\n');
      await until('its end by a kustomization', () => !conflicts());
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder.uri, 'clusters'), { recursive: true });
    },
  },
  {
    name: 'findings are left out by a comment, by code and by file',
    async run() {
      const wrong = RULE.replace('host: reviews', 'hosts: reviews\n  host: reviews');
      const document = await yaml(wrong);
      const ours = () => vscode.languages.getDiagnostics(document.uri).filter(({ code }) => typeof code === 'object' && code.value === 'IST0106');
      await until('the finding', () => ours().length === 1);
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, ours()[0]!.range);
      const ignore = actions.find(({ title }) => title === 'Leave IST0106 out here');
      check(ignore?.edit, actions.map(({ title }) => title).join());
      await vscode.workspace.applyEdit(ignore.edit);
      await until('silence by the comment', () => ours().length === 0);
      const other = await yaml(wrong);
      const there = () => vscode.languages.getDiagnostics(other.uri).some(({ code }) => typeof code === 'object' && code.value === 'IST0106');
      const settings = vscode.workspace.getConfiguration();
      for (const [name, value] of [['severity', { IST0106: 'off' }], ['exclude', ['**/Untitled*']], ['enabled', false]] as const) {
        await until(`the finding before ${name}`, there);
        await settings.update(`istioHandbook.checks.${name}`, value, vscode.ConfigurationTarget.Global);
        await until(`silence by ${name}`, () => !there());
        await settings.update(`istioHandbook.checks.${name}`, undefined, vscode.ConfigurationTarget.Global);
      }
      await until('the finding again', there);
    },
  },
  {
    name: 'language models get the book: search, a section, a field, and nonsense is answered',
    async run() {
      const ask = async (name: string, input: object) => {
        const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
        return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
      };
      check((await ask('search_istio_handbook', { query: 'outlier detection' })).includes('dr-outlier-detection'), 'search');
      const section = await ask('read_istio_handbook_section', { section: 'dr-outlier-detection' });
      check(section.includes('consecutive5xxErrors') && section.includes('istio-handbook.istio-handbook/dr-outlier-detection'), section.slice(0, 200));
      check((await ask('explain_istio_field', { field: 'DestinationRule.spec.trafficPolicy.outlierDetection.consecutive5xxErrors' })).includes('"default"'), 'field');
      for (const name of ['search_istio_handbook', 'read_istio_handbook_section', 'explain_istio_field']) check((await ask(name, { query: '((', section: '../x', field: '$' })).length > 0, name);
    },
  },
  {
    name: 'declared snippets are in the list once',
    async run() {
      const document = await yaml('istio-\n');
      await vscode.window.showTextDocument(document);
      const list = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, new vscode.Position(0, 6));
      const labels = list.items.map((item) => (typeof item.label === 'string' ? item.label : item.label.label)).filter((label) => label.startsWith('istio-'));
      check(labels.length >= 10, `${labels.length} snippets`);
      check(new Set(labels).size === labels.length, 'a snippet twice');
    },
  },
];

export const run = (): Promise<void> => runAll(CASES);
