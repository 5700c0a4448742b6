import type { Language } from '../base/language.ts';

/** How grave a finding is, in the terms of diagnostics. */
export type Severity = 'error' | 'warning' | 'info' | 'hint';

export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

/** What a code means. */
export interface Code {
  readonly severity: Severity;
  readonly title: Readonly<Record<Language, string>>;
  /** The section that explains it, under a heading of the code's own; without one, the field's section does. */
  readonly section?: string;
}

/** Every code: Istio's own where `istioctl analyze` has one, else ours. */
export const CODES = {
  IST0002: { severity: 'warning', title: { en: 'Deprecated', 'zh-cn': '已弃用' } },
  IST0101: { severity: 'error', title: { en: 'Refers to something that is not there', 'zh-cn': '引用的对象不存在' }, section: 'am-errors-core' },
  IST0102: { severity: 'info', title: { en: 'A namespace that may not be in the mesh', 'zh-cn': '命名空间未表明是否加入网格' }, section: 'am-injection-pods' },
  IST0103: { severity: 'warning', title: { en: 'A pod without a proxy', 'zh-cn': 'Pod 没有代理' }, section: 'am-injection-pods' },
  IST0106: { severity: 'error', title: { en: 'Not what the API accepts', 'zh-cn': 'API 不接受' } },
  IST0107: { severity: 'warning', title: { en: 'An annotation in the wrong place', 'zh-cn': '注解写错了位置' }, section: 'am-errors-core' },
  IST0108: { severity: 'warning', title: { en: 'An annotation that Istio does not know', 'zh-cn': 'Istio 不认识的注解' }, section: 'am-errors-core' },
  IST0109: { severity: 'error', title: { en: 'Two VirtualServices for one host of the mesh', 'zh-cn': '网格内同一主机有多个 VirtualService' }, section: 'am-virtualservice' },
  IST0110: { severity: 'error', title: { en: 'Two Sidecars for the same pods', 'zh-cn': '多个 Sidecar 选中相同的 Pod' }, section: 'am-errors-core' },
  IST0111: { severity: 'error', title: { en: 'Two Sidecars without a selector', 'zh-cn': '命名空间内有多个无选择器的 Sidecar' }, section: 'am-errors-core' },
  IST0112: { severity: 'error', title: { en: 'A destination with several ports', 'zh-cn': '目标有多个端口却未指明' }, section: 'am-virtualservice' },
  IST0116: { severity: 'warning', title: { en: 'Services that disagree about a protocol', 'zh-cn': '多个 Service 对端口协议不一致' }, section: 'am-injection-pods' },
  IST0118: { severity: 'info', title: { en: 'A port whose name does not tell its protocol', 'zh-cn': '端口名没有声明协议' }, section: 'am-injection-pods' },
  IST0123: { severity: 'warning', title: { en: 'A namespace with several ways of joining', 'zh-cn': '命名空间有多种加入方式' }, section: 'am-injection-pods' },
  IST0125: { severity: 'warning', title: { en: 'An annotation with a wrong value', 'zh-cn': '注解的取值不合法' }, section: 'am-errors-core' },
  IST0126: { severity: 'error', title: { en: 'A network of a cluster that is not known', 'zh-cn': '网络引用了未知的集群' }, section: 'am-upgrade-multicluster' },
  IST0127: { severity: 'warning', title: { en: 'A policy for no workload', 'zh-cn': '策略没有选中任何工作负载' }, section: 'am-security' },
  IST0128: { severity: 'warning', title: { en: 'TLS that does not check the server', 'zh-cn': 'TLS 未校验服务端' }, section: 'am-destinationrule' },
  IST0129: { severity: 'warning', title: { en: 'TLS of a port that does not check the server', 'zh-cn': '端口级 TLS 未校验服务端' }, section: 'am-destinationrule' },
  IST0130: { severity: 'warning', title: { en: 'A rule that is never reached', 'zh-cn': '永远不会命中的规则' }, section: 'am-virtualservice' },
  IST0131: { severity: 'info', title: { en: 'A match without effect', 'zh-cn': '不起作用的匹配' }, section: 'am-virtualservice' },
  IST0132: { severity: 'warning', title: { en: 'A host that its Gateway does not serve', 'zh-cn': '主机不在所绑定的 Gateway 中' }, section: 'am-virtualservice' },
  IST0133: { severity: 'warning', title: { en: 'Accepted, but hardly meant', 'zh-cn': '会被接受，但多半不是本意' } },
  IST0134: { severity: 'warning', title: { en: 'A TCP port without an address', 'zh-cn': 'TCP 端口没有地址' }, section: 'am-destinationrule' },
  IST0135: { severity: 'info', title: { en: 'A deprecated annotation', 'zh-cn': '已弃用的注解' }, section: 'am-upgrade-multicluster' },
  IST0136: { severity: 'info', title: { en: 'An annotation of an alpha feature', 'zh-cn': 'Alpha 特性的注解' }, section: 'am-upgrade-multicluster' },
  IST0137: { severity: 'warning', title: { en: 'Services that lead to one port from several', 'zh-cn': '多个 Service 以不同端口指向同一目标端口' }, section: 'am-injection-pods' },
  IST0138: { severity: 'warning', title: { en: 'One certificate in several Gateways', 'zh-cn': '多个 Gateway 使用同一证书' }, section: 'am-gateway' },
  IST0140: { severity: 'warning', title: { en: 'Subset rules that do not hold at the gateway', 'zh-cn': '子集规则对网关不生效' }, section: 'am-virtualservice' },
  IST0144: { severity: 'warning', title: { en: 'The user of the sidecar', 'zh-cn': '使用了 Sidecar 的用户 ID' }, section: 'am-injection-pods' },
  IST0145: { severity: 'error', title: { en: 'Gateways in conflict', 'zh-cn': 'Gateway 相互冲突' }, section: 'am-gateway' },
  IST0146: { severity: 'warning', title: { en: 'image: auto without injection', 'zh-cn': 'image: auto 但未启用注入' }, section: 'am-injection-pods' },
  IST0147: { severity: 'error', title: { en: 'image: auto that was not injected', 'zh-cn': 'image: auto 未被注入' }, section: 'am-injection-pods' },
  IST0148: { severity: 'info', title: { en: 'A namespace in the mesh by default', 'zh-cn': '命名空间默认加入网格' }, section: 'am-injection-pods' },
  IST0149: { severity: 'error', title: { en: 'Routes by claims without a check of tokens', 'zh-cn': '按 claim 路由却没有校验令牌' }, section: 'am-virtualservice' },
  IST0150: { severity: 'warning', title: { en: 'An ExternalName port without a protocol', 'zh-cn': 'ExternalName 服务端口未声明协议' }, section: 'am-injection-pods' },
  IST0151: { severity: 'warning', title: { en: 'A patch that depends on order', 'zh-cn': '依赖顺序的补丁' }, section: 'am-envoyfilter-telemetry' },
  IST0152: { severity: 'error', title: { en: 'REPLACE where it does nothing', 'zh-cn': 'REPLACE 用错了地方' }, section: 'am-envoyfilter-telemetry' },
  IST0153: { severity: 'error', title: { en: 'ADD where it does nothing', 'zh-cn': 'ADD 用错了地方' }, section: 'am-envoyfilter-telemetry' },
  IST0154: { severity: 'error', title: { en: 'REMOVE where it does nothing', 'zh-cn': 'REMOVE 用错了地方' }, section: 'am-envoyfilter-telemetry' },
  IST0155: { severity: 'warning', title: { en: 'A patch for one version that depends on order', 'zh-cn': '限定版本且依赖顺序的补丁' }, section: 'am-envoyfilter-telemetry' },
  IST0157: { severity: 'warning', title: { en: 'Telemetry for no provider', 'zh-cn': 'Telemetry 没有 provider' }, section: 'am-envoyfilter-telemetry' },
  IST0159: { severity: 'error', title: { en: 'Two Telemetries for the same pods', 'zh-cn': '多个 Telemetry 选中相同的 Pod' }, section: 'am-envoyfilter-telemetry' },
  IST0160: { severity: 'error', title: { en: 'Two Telemetries without a selector', 'zh-cn': '命名空间内有多个无选择器的 Telemetry' }, section: 'am-envoyfilter-telemetry' },
  IST0161: { severity: 'error', title: { en: 'A secret without a certificate', 'zh-cn': '密钥中没有证书' }, section: 'am-gateway' },
  IST0162: { severity: 'warning', title: { en: 'A gateway port that no Service has', 'zh-cn': '网关端口没有对应的 Service 端口' }, section: 'am-gateway' },
  IST0163: { severity: 'warning', title: { en: 'A webhook without an address', 'zh-cn': 'webhook 没有地址' }, section: 'am-upgrade-multicluster' },
  IST0164: { severity: 'info', title: { en: 'A webhook with an IP address', 'zh-cn': 'webhook 使用了 IP 地址' }, section: 'am-upgrade-multicluster' },
  IST0165: { severity: 'warning', title: { en: 'A Gateway that Istio makes for itself', 'zh-cn': '引用了 Istio 内部生成的 Gateway' }, section: 'am-virtualservice' },
  IST0166: { severity: 'warning', title: { en: 'A selector where a Gateway wants targetRefs', 'zh-cn': '应以 targetRefs 指明 Gateway，而非选择器' }, section: 'am-gateway' },
  IST0167: { severity: 'warning', title: { en: 'A resource without effect in ambient mode', 'zh-cn': '在 Ambient 模式下不起作用的资源' }, section: 'am-security' },
  IST0173: { severity: 'error', title: { en: 'A subset without pods', 'zh-cn': '没有 Pod 的子集' }, section: 'am-destinationrule' },
  IST0174: { severity: 'warning', title: { en: 'A rule for a host that is not there', 'zh-cn': '主机不存在的规则' }, section: 'am-destinationrule' },
  IST0177: { severity: 'warning', title: { en: 'ServiceEntries that disagree about a protocol', 'zh-cn': '多个 ServiceEntry 对协议不一致' }, section: 'am-destinationrule' },
  IH0001: { severity: 'error', title: { en: 'Not valid YAML', 'zh-cn': '不是合法的 YAML' }, section: 'am-errors-core' },
  IH0002: { severity: 'error', title: { en: 'The same key twice', 'zh-cn': '键重复' } },
  IH0003: { severity: 'warning', title: { en: 'A version that is not served', 'zh-cn': '不再提供的版本' } },
  IH0101: { severity: 'warning', title: { en: 'mTLS that cannot come about', 'zh-cn': 'mTLS 设置互相矛盾' }, section: 'am-destinationrule' },
  IH0102: { severity: 'warning', title: { en: 'Routes that the Gateway cannot use', 'zh-cn': 'Gateway 无法使用的路由' }, section: 'am-gateway' },
  IH0103: { severity: 'warning', title: { en: 'Rules that only a waypoint heeds', 'zh-cn': '只有 waypoint 才执行的规则' }, section: 'am-security' },
  IH0104: { severity: 'warning', title: { en: 'A provider that the mesh does not have', 'zh-cn': '网格没有定义的 provider' }, section: 'am-envoyfilter-telemetry' },
  IH0105: { severity: 'warning', title: { en: 'Two DestinationRules for one host', 'zh-cn': '同一主机有多个 DestinationRule' }, section: 'am-destinationrule' },
  IH0106: { severity: 'warning', title: { en: 'TLS twice', 'zh-cn': '重复的 TLS' }, section: 'am-destinationrule' },
  IH0107: { severity: 'warning', title: { en: 'Identities without mTLS', 'zh-cn': '没有 mTLS 就没有身份' }, section: 'am-security' },
  IH0108: { severity: 'warning', title: { en: 'A route that its Gateway does not take', 'zh-cn': 'Gateway 不接受的路由' }, section: 'am-gateway' },
  IH0109: { severity: 'warning', title: { en: 'A reference that nobody allows', 'zh-cn': '未获授权的跨命名空间引用' }, section: 'am-gateway' },
  IH0110: { severity: 'warning', title: { en: 'What never takes effect', 'zh-cn': '永远不会生效' }, section: 'am-security' },
} as const satisfies Readonly<Record<string, Code>>;

export type CodeName = keyof typeof CODES;

/** Where the book explains a finding: at the code's own heading where there is one, else in the field's section. */
export function explanationOf({ code, section }: { readonly code: CodeName; readonly section: string }): string {
  return (CODES[code] as Code).section === section ? `${section}--${code.toLowerCase()}` : section;
}
