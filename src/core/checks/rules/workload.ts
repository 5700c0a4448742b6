import type { Checked } from './value.ts';
import { exclusive, labels, notNegative, port, workloadEntry as entryRules } from './shared.ts';

/** WorkloadEntry and WorkloadGroup, by the rules of Istio's webhook and definitions. */
export function workloadEntry({ spec }: Checked): void {
  entryRules(spec);
}

export function workloadGroup({ spec }: Checked): void {
  labels(spec.at('metadata', 'labels'));
  entryRules(spec.get('template'), { address: false });
  const probe = spec.get('probe');
  if (!probe.there) return;
  notNegative(probe, 'periodSeconds', 'initialDelaySeconds', 'timeoutSeconds', 'successThreshold', 'failureThreshold');
  exclusive(probe, 'httpGet', 'tcpSocket', 'exec', 'grpc');
  if (probe.firstOf('httpGet', 'tcpSocket', 'exec', 'grpc') === undefined) probe.error('needs `httpGet`, `tcpSocket` or `exec`', '需要 `httpGet`、`tcpSocket` 或 `exec`');
  // The definition has it, the webhook's list of methods does not.
  if (probe.has('grpc')) probe.get('grpc').error('is refused by the webhook of Istio 1.31: use `tcpSocket` or `httpGet`', 'Istio 1.31 的 webhook 会拒绝：请用 `tcpSocket` 或 `httpGet`');
  port(probe.at('httpGet', 'port'));
  port(probe.at('tcpSocket', 'port'));
  port(probe.at('grpc', 'port'));
  const scheme = probe.at('httpGet', 'scheme');
  if (scheme.text !== undefined && !['', 'HTTP', 'HTTPS'].includes(scheme.text)) scheme.error('must be `HTTP` or `HTTPS`', '必须是 `HTTP` 或 `HTTPS`');
  for (const header of probe.get('httpGet').list('httpHeaders')) {
    const name = header.get('name');
    if (name.text !== undefined && !/^[-A-Za-z0-9]+$/.test(name.text)) name.error('is no header name', '不是合法的头名称');
  }
  if (probe.has('exec') && !probe.at('exec', 'command').filled) probe.get('exec').error('needs a `command`', '需要 `command`');
}
