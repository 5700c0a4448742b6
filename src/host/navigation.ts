import * as vscode from 'vscode';
import type { Location } from '../core/language/workspaceIndex.ts';
import { LineIndex, startOfLine } from '../core/base/text.ts';
import { toRange } from './convert.ts';
import { YAML_DOCUMENTS } from './names.ts';
import { fileOf, type Workspace } from './workspace.ts';

/** Leads from what a resource refers to, to where it is defined, and back; and lists the workspace's Istio resources. */
export function registerNavigation(workspace: Workspace): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerDefinitionProvider(YAML_DOCUMENTS, {
      async provideDefinition(document, position) {
        const { index, found } = await mentionAt(workspace, document, position);
        if (!found) return undefined;
        const targets = await Promise.all(index.definitions(found.target).map((place) => locate(place)));
        const origin = toRange(document, found.span);
        return targets.map(({ uri, range }): vscode.LocationLink => ({ originSelectionRange: origin, targetUri: uri, targetRange: range }));
      },
    }),
    vscode.languages.registerReferenceProvider(YAML_DOCUMENTS, {
      async provideReferences(document, position, { includeDeclaration }) {
        const { index, found } = await mentionAt(workspace, document, position);
        if (!found) return undefined;
        const places = index.referencesTo(found.target);
        const defined = includeDeclaration ? index.definitions(found.target) : [];
        return Promise.all([...defined, ...places].map((place) => locate(place)));
      },
    }),
    vscode.languages.registerDocumentLinkProvider(YAML_DOCUMENTS, new ReferenceLinks(workspace)),
    vscode.languages.registerWorkspaceSymbolProvider(new ResourceSymbols(workspace)),
  );
}

/**
 * Where what stands at a position is defined, as far as the workspace has been read already.
 * @returns undefined where nothing is referred to, or nothing is known yet
 */
export async function definitionsAt(workspace: Workspace, document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Location[] | undefined> {
  const index = workspace.current();
  const found = index?.at(fileOf(document.uri), document.offsetAt(position));
  if (!index || !found?.refers || found.target.type === 'workload') return undefined;
  return Promise.all(index.definitions(found.target).map((place) => locate(place)));
}

async function mentionAt(workspace: Workspace, document: vscode.TextDocument, position: vscode.Position) {
  const index = await workspace.index();
  return { index, found: index.at(fileOf(document.uri), document.offsetAt(position)) };
}

class ReferenceLink extends vscode.DocumentLink {
  constructor(
    range: vscode.Range,
    readonly place: Location,
  ) {
    super(range);
  }
}

/** Underlines what is defined in exactly one place of the workspace. */
class ReferenceLinks implements vscode.DocumentLinkProvider<ReferenceLink> {
  constructor(private readonly workspace: Workspace) {}

  async provideDocumentLinks(document: vscode.TextDocument): Promise<ReferenceLink[]> {
    const index = await this.workspace.index();
    return index.references(fileOf(document.uri)).flatMap(({ target, span }) => {
      if (target.type === 'workload') return [];
      const places = index.definitions(target);
      return places.length === 1 ? [new ReferenceLink(toRange(document, span), places[0]!)] : [];
    });
  }

  async resolveDocumentLink(link: ReferenceLink): Promise<ReferenceLink> {
    const { uri, range } = await locate(link.place);
    link.target = uri.with({ fragment: `L${range.start.line + 1},${range.start.character + 1}` });
    return link;
  }
}

class ResourceSymbol extends vscode.SymbolInformation {
  constructor(
    name: string,
    container: string,
    readonly place: Location,
  ) {
    super(name, vscode.SymbolKind.Object, container, new vscode.Location(vscode.Uri.parse(place.file), new vscode.Position(0, 0)));
  }
}

/** The Istio and Gateway API resources of the workspace, by kind and name. */
class ResourceSymbols implements vscode.WorkspaceSymbolProvider<ResourceSymbol> {
  private static readonly MOST = 500;

  constructor(private readonly workspace: Workspace) {}

  async provideWorkspaceSymbols(query: string): Promise<ResourceSymbol[]> {
    const letters = query.toLowerCase().replace(/\s/g, '');
    const found: ResourceSymbol[] = [];
    for (const { group, kind, name, namespace, file, start, span } of (await this.workspace.index()).resources()) {
      if (!/istio\.io$|k8s\.io$/.test(group) || !hasInOrder(`${kind}${name}`.toLowerCase(), letters)) continue;
      found.push(new ResourceSymbol(`${kind} ${name}`, namespace || group, { file, span: { start: start + span.start, end: start + span.end } }));
      if (found.length === ResourceSymbols.MOST) break;
    }
    return found;
  }

  async resolveWorkspaceSymbol(symbol: ResourceSymbol): Promise<ResourceSymbol> {
    symbol.location = await locate(symbol.place);
    return symbol;
  }
}

function hasInOrder(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** A place of the index as VS Code's: from the open document, else from the file's text. */
async function locate({ file, span }: Location): Promise<vscode.Location> {
  const uri = vscode.Uri.parse(file);
  const open = vscode.workspace.textDocuments.find((document) => fileOf(document.uri) === file);
  if (open) return new vscode.Location(uri, toRange(open, span));
  const text = await Promise.resolve(vscode.workspace.fs.readFile(uri)).then((bytes) => new TextDecoder().decode(bytes), () => '');
  const lines = new LineIndex(text);
  const position = (offset: number) => new vscode.Position(lines.line(offset) - 1, offset - startOfLine(text, offset));
  return new vscode.Location(uri, new vscode.Range(position(span.start), position(span.end)));
}
