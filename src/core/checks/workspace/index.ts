import type { Reference } from '../../reference/model.ts';
import { annotations } from './annotations.ts';
import { ambientPolicies, gatewayRoutes, identities, mtlsConflicts, severalRules, tlsTwice, waypoints } from './conflicts.ts';
import { conflictingGateways, duplicateCertificates, gatewayPorts, gatewaySelectors } from './gateways.ts';
import { applicationUid, externalControlPlane, imageAuto, injectionLabels, missingProxies, portNames, serviceAssociation } from './kubernetes.ts';
import type { Mesh, Report } from './mesh.ts';
import { egressHosts, exportedTo, routeBackends, routeParents } from './references.ts';
import { authorizationPolicies, envoyPatches, gatewayPolicies, rootPeerAuthentications, sidecars, telemetries } from './policies.ts';
import { claimRoutes, destinationHosts, destinationRules, entryProtocols, ingressSubsets, meshHosts, subsets, virtualServiceGateways } from './routing.ts';
import { entryAddresses, gatewaySecrets, meshNetworks, telemetryProviders } from './settings.ts';

/** Looks at everything that belongs together, as `istioctl analyze` does. */
export type Analyzer = (mesh: Mesh, report: Report, reference: Reference) => void;

export const ANALYZERS: readonly Analyzer[] = [
  annotations, applicationUid, serviceAssociation, portNames, externalControlPlane, imageAuto, injectionLabels, missingProxies,
  destinationHosts, ingressSubsets, subsets, destinationRules, meshHosts, entryProtocols, virtualServiceGateways, claimRoutes,
  gatewaySelectors, conflictingGateways, duplicateCertificates, gatewayPorts,
  sidecars, telemetries, gatewayPolicies, authorizationPolicies, rootPeerAuthentications, envoyPatches,
  entryAddresses, telemetryProviders, meshNetworks, gatewaySecrets,
  routeParents, routeBackends, egressHosts, exportedTo,
  mtlsConflicts, gatewayRoutes, ambientPolicies, waypoints, severalRules, tlsTwice, identities,
];
