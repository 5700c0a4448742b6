import type { Reference } from '../../reference/model.ts';
import type { Mesh, MeshResource, Report } from './mesh.ts';
import { formatPath } from '../../yaml/path.ts';
import type { Remedy } from '../rules/remedy.ts';
import { isIpOrRange } from '../rules/values.ts';
import { editDistance } from '../suggest.ts';

/** Annotations of Istio: unknown, misplaced, deprecated, malformed, not settled. */

const KINDS = new Set(['Namespace', 'Service', 'Pod', 'Deployment']);
/** Written by Istio itself, not by people. */
const WRITTEN = new Set(['istio.io/rev', 'sidecar.istio.io/status', 'proxy.istio.io/overrides', 'gateway.istio.io/controller-version', 'ambient.istio.io/redirection']);
const WRITTEN_BY_CNI = new Set(['sidecar.istio.io/interceptionMode', 'traffic.sidecar.istio.io/excludeInboundPorts', 'traffic.sidecar.istio.io/includeInboundPorts', 'traffic.sidecar.istio.io/includeOutboundIPRanges']);

function isIstio(name: string): boolean {
  return name === 'kubernetes.io/ingress.class' || (name.includes('/') && /(?:^|\.)istio\.io$/.test(name.slice(0, name.indexOf('/'))));
}

/** Where a Deployment has the annotations of its pods. */
const POD = ['spec', 'template', 'metadata', 'annotations'];

/** The annotation that was probably meant. */
function nearest(name: string, known: readonly string[]): Remedy<MeshResource>[] {
  const best = known.map((other) => ({ other, distance: editDistance(name.toLowerCase(), other.toLowerCase()) })).sort((a, b) => a.distance - b.distance)[0];
  return best && best.distance <= 3 ? [{ how: 'rename', to: best.other }] : [];
}

export function annotations(mesh: Mesh, report: Report, reference: Reference): void {
  const on = (kind: string) => reference.messages[`annotations of ${kind}`]?.fields ?? {};
  const known = new Map(Object.entries(reference.messages).flatMap(([name, { fields }]) => (name.startsWith('annotations of ') ? Object.entries(fields) : [])));
  for (const resource of mesh.resources) {
    if (!KINDS.has(resource.kind)) continue;
    check(resource, resource.kind, ['metadata', 'annotations']);
    if (resource.kind === 'Deployment') check(resource, 'Pod', POD);
  }

  function check(resource: MeshResource, kind: string, path: readonly string[]): void {
    const cni = resource.spec.list('initContainers').some((container) => container.get('name').text === 'istio-validation');
    for (const [name, value] of resource.root.at(...path).entries) {
      if (!isIstio(name)) continue;
      const here = [...path, name];
      const field = known.get(name);
      if (!field) {
        report(resource, { code: 'IST0108', path: here, said: [`\`${name}\` is no annotation of Istio`, `\`${name}\` 不是 Istio 的注解`], remedies: [...nearest(name, [...known.keys()]), { how: 'remove' }] });
        continue;
      }
      // What stands where it belongs is told without the workspace too.
      if (field.deprecated !== undefined && !Object.hasOwn(on(kind), name)) report(resource, { code: 'IST0135', path: here, said: [`\`${name}\` is deprecated. ${field.deprecated}`, `\`${name}\` 已弃用。${field.deprecated}`], remedies: [{ how: 'remove' }] });
      if (!Object.hasOwn(on(kind), name)) {
        report(resource, { code: 'IST0107', path: here, said: [`\`${name}\` does not belong on a ${kind}`, `\`${name}\` 不能写在 ${kind} 上`], remedies: [...(resource.kind === 'Deployment' && kind !== 'Pod' && Object.hasOwn(on('Pod'), name) ? [{ how: 'move' as const, to: formatPath([...POD, name]) }] : []), { how: 'remove' }] });
      } else if (value.text !== undefined && !isValid(name, value.text)) {
        report(resource, { code: 'IST0125', path: here, said: [`\`${value.text}\` is no value for \`${name}\``, `\`${value.text}\` 不是 \`${name}\` 的合法取值`] });
      }
      if (field.status === 'Alpha' && !WRITTEN.has(name) && !(cni && WRITTEN_BY_CNI.has(name))) {
        report(resource, { code: 'IST0136', path: here, said: [`\`${name}\` is an alpha feature: it may change`, `\`${name}\` 是 Alpha 特性，可能变化`] });
      }
    }
  }
}

function isValid(name: string, text: string): boolean {
  const list = text.split(',').map((part) => part.trim()).filter((part) => part !== '');
  if (/IPRanges$/.test(name)) return (text === '*' && /include/.test(name)) || list.every((range) => isIpOrRange(range));
  if (/(?:Inbound|Outbound)Ports$/.test(name)) return (text === '*' && /include/.test(name)) || list.every((port) => /^\d+$/.test(port) && Number(port) <= 65535);
  if (/^readiness\.status\.sidecar\.istio\.io\/(?:initialDelaySeconds|periodSeconds|failureThreshold)$/.test(name)) return /^\d+$/.test(text);
  if (name === 'readiness.status.sidecar.istio.io/applicationPorts') return list.every((port) => /^\d+$/.test(port) && Number(port) <= 65535);
  if (name === 'prometheus.istio.io/scrape-targets') return list.every((target) => /^\d+(?::|$)/.test(target));
  if (name === 'status.sidecar.istio.io/port') return /^\d+$/.test(text) && Number(text) <= 65535;
  if (name === 'sidecar.istio.io/interceptionMode') return ['REDIRECT', 'TPROXY', 'NONE'].includes(text);
  if (name === 'prometheus.istio.io/merge-metrics') return /^(?:true|false)$/i.test(text);
  return true;
}
