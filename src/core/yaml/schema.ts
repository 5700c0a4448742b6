import type { ParseOptions, DocumentOptions, SchemaOptions, Tags } from 'yaml';

/** Tags of YAML 1.1 that Kubernetes does not read: sexagesimal numbers, dates, and the collection types. */
const NOT_KUBERNETES = /timestamp|binary|omap|pairs|set$/;

/** A decimal number has a digit: a dot alone, as in `exportTo: [.]`, is a string. */
const DECIMAL = /^[-+]?(?:\.[0-9][0-9_]*|[0-9][0-9_]*\.[0-9_]*)$/;

/**
 * YAML as Kubernetes reads it (sigs.k8s.io/yaml over go-yaml v2): `y`, `yes`, `on` and `true` in their three cases are
 * booleans, `0755` and `0o755` are octal, `<<` merges; no sexagesimal numbers and no dates.
 */
function kubernetesTags(tags: Tags): Tags {
  const kept = tags
    .filter((tag) => typeof tag === 'string' || (!NOT_KUBERNETES.test(tag.tag) && tag.format !== 'TIME'))
    .map((tag) => (typeof tag !== 'string' && 'test' in tag && tag.test?.test('.') ? { ...tag, test: DECIMAL } : tag));
  return [
    ...kept,
    {
      tag: 'tag:yaml.org,2002:int',
      format: 'OCT12',
      default: true,
      test: /^[-+]?0o[0-7]+$/,
      resolve: (text: string) => parseInt(text.replace('0o', ''), 8),
    },
  ];
}

/** Options of the `yaml` library for reading one document the way Kubernetes does, without ever throwing. */
export const KUBERNETES_YAML: ParseOptions & DocumentOptions & SchemaOptions = {
  version: '1.1',
  customTags: kubernetesTags,
  merge: true,
  strict: false,
  uniqueKeys: false,
  prettyErrors: false,
  stringKeys: false,
  logLevel: 'silent',
};
