import type { Language } from '../base/language.ts';

/** How grave a finding is, in the terms of diagnostics. */
export type Severity = 'error' | 'warning' | 'info' | 'hint';

export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

/** What a code means. */
export interface Code {
  readonly severity: Severity;
  readonly title: Readonly<Record<Language, string>>;
  /** The section that explains it where the field's own does not. */
  readonly section?: string;
}

/** Every code: Istio's own where `istioctl analyze` has one, else ours. */
export const CODES = {
  IST0002: { severity: 'warning', title: { en: 'Deprecated', 'zh-cn': '已弃用' } },
  IST0106: { severity: 'error', title: { en: 'Not what the API accepts', 'zh-cn': 'API 不接受' } },
  IST0133: { severity: 'warning', title: { en: 'Accepted, but hardly meant', 'zh-cn': '会被接受，但多半不是本意' } },
  IH0001: { severity: 'error', title: { en: 'Not valid YAML', 'zh-cn': '不是合法的 YAML' } },
  IH0002: { severity: 'error', title: { en: 'The same key twice', 'zh-cn': '键重复' } },
  IH0003: { severity: 'warning', title: { en: 'A version that is not served', 'zh-cn': '不再提供的版本' } },
} as const satisfies Readonly<Record<string, Code>>;

export type CodeName = keyof typeof CODES;
