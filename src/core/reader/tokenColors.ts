/** The colours of code in the page, out of a colour theme's own rules. */

/** A rule of a theme: colours for scopes, in the syntax of TextMate. */
export interface TokenRule {
  readonly scope?: string | readonly string[];
  readonly settings: { readonly foreground?: string };
}

/** For each colour of the page's code, the scopes of VS Code's own grammars that it stands for, the most exact first. */
export const TOKEN_SCOPES = {
  keyword: ['keyword.control.flow', 'keyword.control', 'keyword'],
  string: ['string.quoted.double', 'string'],
  constant: ['constant.numeric', 'constant'],
  comment: ['comment.line.number-sign', 'comment'],
  function: ['entity.name.function', 'support.function'],
  parameter: ['variable.parameter', 'variable.other', 'variable'],
  key: ['entity.name.tag.yaml', 'entity.name.tag', 'support.type.property-name'],
  value: ['string.unquoted.plain.out.yaml', 'string.unquoted', 'string'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type TokenColors = Partial<Record<keyof typeof TOKEN_SCOPES, string>>;

const COLOR = /^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i;

/** The colours that a theme's rules give; those that it leaves to the text's own are absent. Later rules win over earlier ones that are as exact. */
export function tokenColors(rules: readonly unknown[]): TokenColors {
  const parsed = rules.flatMap(ruleOf);
  return Object.fromEntries(Object.entries(TOKEN_SCOPES).flatMap(([name, scopes]) => {
    const color = scopes.map((scope) => colorOf(parsed, scope)).find((found) => found !== undefined);
    return color === undefined ? [] : [[name, color]];
  }));
}

interface Selector {
  readonly scope: string;
  readonly color: string;
}

function ruleOf(rule: unknown): Selector[] {
  if (typeof rule !== 'object' || rule === null) return [];
  const { scope, settings } = rule as Partial<TokenRule>;
  const color = settings?.foreground;
  if (typeof color !== 'string' || !COLOR.test(color)) return [];
  const scopes = typeof scope === 'string' ? scope.split(',') : Array.isArray(scope) ? scope.map(String) : [];
  // A scope inside others holds only there, which the page's code does not tell.
  return scopes.map((each) => each.trim()).filter((each) => each !== '' && !each.includes(' ')).map((each) => ({ scope: each, color }));
}

function colorOf(rules: readonly Selector[], scope: string): string | undefined {
  let best: Selector | undefined;
  for (const rule of rules) {
    const matches = scope === rule.scope || scope.startsWith(`${rule.scope}.`);
    if (matches && rule.scope.length >= (best?.scope.length ?? 0)) best = rule;
  }
  return best?.color;
}
