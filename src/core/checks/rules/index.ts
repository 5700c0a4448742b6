import type { Rule } from './value.ts';
import { destinationRule } from './destinationRule.ts';
import { envoyFilter } from './envoyFilter.ts';
import { trafficExtension, wasmPlugin } from './extensions.ts';
import { gateway } from './gateway.ts';
import * as gatewayApi from './gatewayApi.ts';
import { istioOperator, meshConfig } from './meshConfig.ts';
import { authorizationPolicy, peerAuthentication, requestAuthentication } from './security.ts';
import { serviceEntry } from './serviceEntry.ts';
import { metadata, selector } from './shared.ts';
import { sidecar } from './sidecar.ts';
import { telemetry } from './telemetry.ts';
import { virtualService } from './virtualService.ts';
import { workloadEntry, workloadGroup } from './workload.ts';

/** The rules of each kind, by `group/kind`: those of Istio's webhook and of the definitions' CEL. */
export const RULES: Readonly<Record<string, readonly Rule[]>> = {
  'networking.istio.io/VirtualService': [metadata, virtualService],
  'networking.istio.io/DestinationRule': [metadata, destinationRule],
  'networking.istio.io/Gateway': [metadata, gateway],
  'networking.istio.io/ServiceEntry': [metadata, serviceEntry],
  'networking.istio.io/Sidecar': [metadata, sidecar],
  'networking.istio.io/WorkloadEntry': [metadata, workloadEntry],
  'networking.istio.io/WorkloadGroup': [metadata, workloadGroup],
  'networking.istio.io/EnvoyFilter': [metadata, envoyFilter],
  'networking.istio.io/ProxyConfig': [metadata, ({ spec }) => selector(spec)],
  'security.istio.io/AuthorizationPolicy': [metadata, authorizationPolicy],
  'security.istio.io/PeerAuthentication': [metadata, peerAuthentication],
  'security.istio.io/RequestAuthentication': [metadata, requestAuthentication],
  'telemetry.istio.io/Telemetry': [metadata, telemetry],
  'extensions.istio.io/WasmPlugin': [metadata, wasmPlugin],
  'extensions.istio.io/TrafficExtension': [metadata, trafficExtension],
  'install.istio.io/IstioOperator': [istioOperator],
  'install.istio.io/Values': [({ root }) => meshConfig(root.get('meshConfig'))],
  'gateway.networking.k8s.io/Gateway': [gatewayApi.gateway],
  'gateway.networking.k8s.io/ListenerSet': [gatewayApi.listenerSet],
  'gateway.networking.k8s.io/HTTPRoute': [gatewayApi.httpRoute],
  'gateway.networking.k8s.io/GRPCRoute': [gatewayApi.grpcRoute],
  'gateway.networking.k8s.io/TLSRoute': [gatewayApi.l4Route],
  'gateway.networking.k8s.io/TCPRoute': [gatewayApi.l4Route],
  'gateway.networking.k8s.io/UDPRoute': [gatewayApi.l4Route],
  'gateway.networking.k8s.io/BackendTLSPolicy': [gatewayApi.backendTlsPolicy],
  'gateway.networking.x-k8s.io/XBackendTrafficPolicy': [gatewayApi.backendTrafficPolicy],
};
