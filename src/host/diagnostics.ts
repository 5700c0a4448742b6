import * as vscode from 'vscode';
import type { Finding } from '../core/checks/finding.ts';
import { explanationOf, SEVERITIES, type Severity } from '../core/checks/codes.ts';
import { isChartTemplate, isPatch } from '../core/checks/files.ts';
import type { Fix } from '../core/checks/fixes.ts';
import { splitDocuments } from '../core/yaml/documents.ts';
import { toRange } from './convert.ts';
import type { Library } from './library.ts';
import { COMMANDS, SETTINGS, YAML_DOCUMENTS } from './names.ts';
import { sectionLink } from './uri.ts';
import type { Workspace } from './workspace.ts';

/** How long typing may rest before the text is checked, in milliseconds. */
const REST = 20;
/** How long all may rest before resources are checked against each other, in milliseconds. */
const CALM = 300;
/** Beyond this many resources of a workspace they are not checked against each other while typing. */
const MOST_RESOURCES = 5_000;
/** How long checking may go on before typing is let through, in milliseconds. */
const SLICE = 10;
const SOURCE = 'Istio Handbook';

const LEVELS: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/** A diagnostic that knows the finding it shows, and where its YAML document begins. */
class HandbookDiagnostic extends vscode.Diagnostic {
  constructor(
    range: vscode.Range,
    readonly finding: Finding,
    severity: vscode.DiagnosticSeverity,
    readonly documentText: string,
    readonly documentStart: number,
  ) {
    super(range, finding.message, severity);
    this.source = SOURCE;
    this.code = finding.section === '' ? finding.code : { value: finding.code, target: sectionLink(explanationOf(finding)) };
    if (finding.code === 'IST0002') this.tags = [vscode.DiagnosticTag.Deprecated];
  }
}

/** Checks resources while they are written, by themselves and against each other. Of a changed file only the YAML documents whose text changed are checked again. */
export class Diagnostics implements vscode.Disposable, vscode.CodeActionProvider {
  private readonly shown = vscode.languages.createDiagnosticCollection('istio-handbook');
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** What is known of each file's documents, by their text. */
  private readonly known = new Map<string, { readonly partial: boolean; readonly documents: ReadonlyMap<string, readonly Finding[]> }>();
  /** What is wrong in each file by itself, and with the others. */
  private readonly own = new Map<string, readonly vscode.Diagnostic[]>();
  private readonly common = new Map<string, readonly vscode.Diagnostic[]>();
  /** The files that a kustomization of the workspace uses as patches. */
  private patches: ReadonlySet<string> = new Set();
  private calm: ReturnType<typeof setTimeout> | undefined;
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly library: Library,
    private readonly workspace: Workspace,
  ) {
    this.subscription = vscode.Disposable.from(
      this.shown,
      vscode.workspace.onDidOpenTextDocument((document) => this.later(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.later(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.forget(document)),
      vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('istioHandbook') && this.again()),
      library.onDidChange(() => this.again()),
      workspace.onDidChange(() => this.whenCalm()),
      vscode.languages.registerCodeActionsProvider(YAML_DOCUMENTS, this, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, FIX_ALL] }),
    );
    this.again();
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    clearTimeout(this.calm);
    this.subscription.dispose();
  }

  private again(): void {
    this.known.clear();
    for (const document of vscode.workspace.textDocuments) this.later(document);
  }

  private forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    for (const kept of [this.known, this.own, this.common]) kept.delete(key);
    this.shown.delete(document.uri);
  }

  private show(uri: vscode.Uri): void {
    const key = uri.toString();
    this.shown.set(uri, [...(this.own.get(key) ?? []), ...(this.common.get(key) ?? [])]);
  }

  private whenCalm(): void {
    clearTimeout(this.calm);
    this.calm = setTimeout(() => void this.checkTogether().catch(() => undefined), CALM);
  }

  /** Checks the resources of the workspace against each other, and shows what concerns open files. */
  private async checkTogether(): Promise<void> {
    const open = new Map(vscode.workspace.textDocuments.filter((document) => this.own.has(document.uri.toString())).map((document) => [document.uri.toString(), document]));
    if (open.size === 0) return;
    const [together, { ignoredIn }] = await Promise.all([this.workspace.together(), import('./later.ts')]);
    if (together.size > MOST_RESOURCES) return;
    this.patches = new Set([...open.keys()].filter((key) => together.isPatch(key)));
    for (const [key, document] of open) if (this.known.get(key)?.partial !== this.isPatch(document)) this.later(document);
    const context = { ...(await this.library.context()), language: this.library.language };
    const found = together.findings(context, new Set(open.keys()));
    for (const [key, document] of open) {
      const settings = settingsOf(document);
      const text = document.getText();
      const parts = splitDocuments(text);
      const ignored = ignoredIn(text);
      const diagnostics = found.flatMap(({ file, document: index, finding }) => {
        const severity = file === key ? settings?.severity(finding) : undefined;
        const { start, end } = parts[index] ?? { start: 0, end: 0 };
        const inTime = finding.span.start >= start && finding.span.end <= end;
        if (severity === undefined || !inTime || ignored(finding, start)) return [];
        const within = { ...finding, span: { start: finding.span.start - start, end: finding.span.end - start } };
        return [new HandbookDiagnostic(toRange(document, finding.span), within, severity, text.slice(start, end), start)];
      });
      this.common.set(key, diagnostics);
      this.show(document.uri);
    }
  }

  private isPatch({ uri }: vscode.TextDocument): boolean {
    return isPatch(uri.path) || this.patches.has(uri.toString());
  }

  private later(document: vscode.TextDocument): void {
    if (!YAML_DOCUMENTS.some(({ language }) => language === document.languageId)) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.set(key, setTimeout(() => void this.check(document).catch(() => undefined), REST));
  }

  private async check(document: vscode.TextDocument): Promise<void> {
    const key = document.uri.toString();
    const { version } = document;
    const settings = settingsOf(document);
    if (!settings) return this.forget(document);
    const { checkDocument, ignoredIn } = await import('./later.ts');
    const context = { ...(await this.library.context()), language: this.library.language };
    const text = document.getText();
    const partial = this.isPatch(document);
    const known = this.known.get(key);
    const before = known?.partial === partial ? known.documents : undefined;
    const after = new Map<string, readonly Finding[]>();
    const diagnostics: vscode.Diagnostic[] = [];
    let since = performance.now();
    for (const { start, end } of splitDocuments(text)) {
      if (performance.now() - since > SLICE) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        // Typed on meanwhile: the newer text is waiting for its turn.
        if (document.version !== version || document.isClosed) return;
        since = performance.now();
      }
      const part = text.slice(start, end);
      const found = before?.get(part) ?? checkDocument(context, part, { partial });
      after.set(part, found);
      const ignored = ignoredIn(part);
      for (const finding of found) {
        const severity = settings.severity(finding);
        if (severity === undefined || ignored(finding, 0)) continue;
        diagnostics.push(new HandbookDiagnostic(toRange(document, finding.span, start), finding, severity, part, start));
      }
    }
    if (document.version !== version || document.isClosed) return;
    this.known.set(key, { partial, documents: after });
    this.own.set(key, diagnostics);
    this.show(document.uri);
    this.whenCalm();
  }

  async provideCodeActions(document: vscode.TextDocument, _range: vscode.Range, { diagnostics, only }: vscode.CodeActionContext): Promise<vscode.CodeAction[]> {
    const own = diagnostics.flatMap((shown) => (shown instanceof HandbookDiagnostic ? [shown] : this.same(document, shown)));
    const { fixesOf } = await import('./later.ts');
    const { reference } = await this.library.context();
    const fixes = ({ documentText, finding }: HandbookDiagnostic) => fixesOf(reference, documentText, finding);
    const { language } = this.library;
    const actions = own.flatMap((diagnostic) => [
      ...fixes(diagnostic).flatMap((fix, index) => fixAction(document, diagnostic, fix, language, index === 0) ?? []),
      sectionAction(diagnostic, language), ignoreAction(document, diagnostic, language),
    ]);
    if (only && !only.intersects(FIX_ALL)) return actions;
    const all = (this.shown.get(document.uri) ?? []).filter((shown) => shown instanceof HandbookDiagnostic);
    const safe = all.flatMap((diagnostic): Change[] => {
      const fix = fixes(diagnostic).find((candidate) => candidate.safe && !candidate.elsewhere);
      return fix ? [{ document, start: diagnostic.documentStart, edits: fix.edits }] : [];
    });
    if (safe.length === 0) return actions;
    const action = new vscode.CodeAction(vscode.l10n.t('Fix all that is safe to fix'), FIX_ALL);
    action.edit = workspaceEdit(safe);
    return [...actions, action];
  }

  async resolveCodeAction(action: vscode.CodeAction): Promise<vscode.CodeAction> {
    const { elsewhere, edits } = action instanceof FixAction ? action.fix : {};
    if (!elsewhere || !edits) return action;
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(elsewhere.file));
    const start = document.getText().indexOf(elsewhere.text);
    if (start >= 0) action.edit = workspaceEdit([{ document, start, edits }]);
    return action;
  }

  /** VS Code hands back copies of what was shown. */
  private same(document: vscode.TextDocument, { message, range }: vscode.Diagnostic): HandbookDiagnostic[] {
    return (this.shown.get(document.uri) ?? []).filter((shown): shown is HandbookDiagnostic => shown instanceof HandbookDiagnostic && shown.message === message && shown.range.isEqual(range));
  }
}

const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append('istioHandbook');

/** Edits of a YAML document that begins at an offset. */
interface Change {
  readonly document: vscode.TextDocument;
  readonly start: number;
  readonly edits: Fix['edits'];
}

function workspaceEdit(changes: readonly Change[]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { document, start, edits } of changes) for (const { span, text } of edits) edit.replace(document.uri, toRange(document, span, start), text);
  return edit;
}

/** A fix as an action; what it does in another file is worked out when it is chosen, from the text that is there then. */
function fixAction(document: vscode.TextDocument, diagnostic: HandbookDiagnostic, fix: Fix, language: 'en' | 'zh-cn', preferred: boolean): FixAction {
  const action = new FixAction(fix.title[language], vscode.CodeActionKind.QuickFix, fix);
  action.diagnostics = [diagnostic];
  action.isPreferred = preferred && fix.safe;
  if (!fix.elsewhere) action.edit = workspaceEdit([{ document, start: diagnostic.documentStart, edits: fix.edits }]);
  return action;
}

/** An action that knows its fix. */
class FixAction extends vscode.CodeAction {
  constructor(title: string, kind: vscode.CodeActionKind, readonly fix: Fix) {
    super(title, kind);
  }
}

function sectionAction(diagnostic: HandbookDiagnostic, language: 'en' | 'zh-cn'): vscode.CodeAction {
  const action = new vscode.CodeAction(language === 'en' ? 'Read about it in the handbook' : '在手册中阅读', vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.command = { command: COMMANDS.open, title: action.title, arguments: [explanationOf(diagnostic.finding)] };
  return action;
}

function ignoreAction(document: vscode.TextDocument, diagnostic: HandbookDiagnostic, language: 'en' | 'zh-cn'): vscode.CodeAction {
  const { code } = diagnostic.finding;
  const action = new vscode.CodeAction(language === 'en' ? `Leave ${code} out here` : `此处忽略 ${code}`, vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.edit = new vscode.WorkspaceEdit();
  const line = document.lineAt(diagnostic.range.start.line);
  const indent = line.text.slice(0, line.firstNonWhitespaceCharacterIndex);
  action.edit.insert(document.uri, line.range.start, `${indent}# istio-handbook-ignore: ${code}\n`);
  return action;
}

interface CheckSettings {
  /** The severity to show a finding with; undefined for none. */
  severity(finding: Finding): vscode.DiagnosticSeverity | undefined;
}

/** What the settings say of a document; undefined where it is not checked: outside the workspace, switched off, excluded. */
function settingsOf(document: vscode.TextDocument): CheckSettings | undefined {
  const ours = document.uri.scheme === 'untitled' || vscode.workspace.getWorkspaceFolder(document.uri) !== undefined;
  if (!ours || isChartTemplate(document.uri.path)) return undefined;
  const settings = vscode.workspace.getConfiguration(undefined, document);
  if (settings.get<boolean>(SETTINGS.checks) === false) return undefined;
  const excluded = settings.get<unknown>(SETTINGS.checksExclude);
  if (Array.isArray(excluded) && excluded.some((pattern) => typeof pattern === 'string' && vscode.languages.match({ pattern }, document) > 0)) return undefined;
  const chosen = settings.get<unknown>(SETTINGS.checksSeverity);
  const levels = typeof chosen === 'object' && chosen !== null ? (chosen as Record<string, unknown>) : {};
  return {
    severity({ code, severity }) {
      const level = levels[code];
      if (level === 'off') return undefined;
      return LEVELS[SEVERITIES.find((name) => name === level) ?? severity];
    },
  };
}
