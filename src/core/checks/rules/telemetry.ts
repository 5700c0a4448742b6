import type { Checked } from './value.ts';
import { duration, exclusive, filledText, percent, selector, targets } from './shared.ts';

/** Telemetry, by the rules of Istio's webhook and definition. */
export function telemetry({ spec }: Checked): void {
  selector(spec);
  targets(spec);
  const tracing = spec.list('tracing');
  if (tracing.length > 1) spec.get('tracing').warn('only the first entry is used', '只使用第一项');
  for (const entry of tracing) {
    if (entry.list('providers').length > 1) entry.get('providers').warn('only the first provider is used', '只使用第一个 provider');
    percent(entry.get('randomSamplingPercentage'));
    for (const [name, tag] of entry.get('customTags').entries) {
      if (name === '') tag.error('a tag has a name', '标签名不能为空');
      if (tag.isNull) tag.error('may not be null', '不能为 null');
      exclusive(tag, 'literal', 'environment', 'header', 'formatter');
      filledText(tag.at('literal', 'value'));
      filledText(tag.at('header', 'name'));
      filledText(tag.at('environment', 'name'));
    }
  }
  for (const entry of [...tracing, ...spec.list('metrics'), ...spec.list('accessLogging')]) {
    for (const provider of entry.list('providers')) filledText(provider.get('name'));
  }
  for (const metric of spec.list('metrics')) {
    duration(metric.get('reportingInterval'));
    for (const override of metric.list('overrides')) {
      if (!override.there) override.error('may not be null', '不能为 null');
      exclusive(override.get('match'), 'metric', 'customMetric');
      filledText(override.at('match', 'customMetric'));
      for (const [name, tag] of override.get('tagOverrides').entries) {
        if (name === '') tag.warn('a tag has a name', '标签名不能为空');
        const operation = tag.get('operation').text;
        if (operation === 'UPSERT' && !tag.get('value').filled) tag.error('`UPSERT` needs a `value`', '`UPSERT` 需要 `value`');
        if (operation === 'REMOVE' && tag.has('value')) tag.get('value').error('`REMOVE` has no `value`', '`REMOVE` 不能写 `value`');
      }
    }
  }
}
