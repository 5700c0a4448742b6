import { createHash } from 'node:crypto';
import { isAbsolute, relative, sep } from 'node:path';
import type { Language } from '../core/base/language.ts';
import { CODES, type Code, type Severity } from '../core/checks/codes.ts';
import type { LintRecord } from './lint.ts';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = { error: 'error', warning: 'warning', info: 'note', hint: 'note' };
const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
const HOME = 'https://istio.io/latest/docs/reference/config/analysis/';

/** Findings as SARIF 2.1.0, for code scanning: one rule for each code, files relative to where it runs. */
export function sarif(records: readonly LintRecord[], language: Language, version: string): object {
  const codes = [...new Set(records.map(({ code }) => code))].sort();
  const seen = new Map<string, number>();
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'istio-handbook',
            version,
            rules: codes.map((id) => {
              const { title, severity }: Code = CODES[id];
              return { id, shortDescription: { text: title[language] }, defaultConfiguration: { level: LEVELS[severity] }, ...(id.startsWith('IST') ? { helpUri: `${HOME}${id.toLowerCase()}/` } : {}) };
            }),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: records.map((record) => {
          const print = fingerprint(record);
          const count = (seen.get(print) ?? 0) + 1;
          seen.set(print, count);
          return {
            ruleId: record.code,
            ruleIndex: codes.indexOf(record.code),
            level: LEVELS[record.severity],
            message: { text: record.message },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: relativeUri(record.file), uriBaseId: '%SRCROOT%' },
                  region: { startLine: record.line, startColumn: record.column, endLine: record.endLine, endColumn: record.endColumn },
                },
                ...(record.resource === '' ? {} : { logicalLocations: [{ fullyQualifiedName: record.resource }] }),
              },
            ],
            partialFingerprints: { 'istioHandbook/v1': `${print}:${count}` },
          };
        }),
      },
    ],
  };
}

/** Stays the same when lines move: file, code, resource and words. */
function fingerprint({ file, code, resource, message }: LintRecord): string {
  return createHash('sha256').update([relativeUri(file), code, resource, message].join('\n')).digest('hex').slice(0, 16);
}

/** A file's name as a reference relative to where the command runs. */
function relativeUri(file: string): string {
  const near = isAbsolute(file) ? relative(process.cwd(), file) : file;
  return near.split(sep).join('/').replace(/^\.\//, '').split('/').map(encodeURIComponent).join('/');
}
