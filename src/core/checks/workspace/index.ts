import type { Reference } from '../../reference/model.ts';
import { annotations } from './annotations.ts';
import { ambientPolicies, gatewayRoutes, mtlsConflicts } from './conflicts.ts';
import { conflictingGateways, duplicateCertificates, gatewayPorts, gatewaySelectors } from './gateways.ts';
import { applicationUid, externalControlPlane, imageAuto, injectionLabels, portNames, serviceAssociation } from './kubernetes.ts';
import type { Mesh, Report } from './mesh.ts';
import { authorizationPolicies, envoyPatches, gatewayPolicies, sidecars, telemetries } from './policies.ts';
import { claimRoutes, destinationHosts, destinationRules, entryProtocols, meshHosts, subsets, virtualServiceGateways } from './routing.ts';

/** Looks at everything that belongs together, as `istioctl analyze` does. */
export type Analyzer = (mesh: Mesh, report: Report, reference: Reference) => void;

export const ANALYZERS: readonly Analyzer[] = [
  annotations, applicationUid, serviceAssociation, portNames, externalControlPlane, imageAuto, injectionLabels,
  destinationHosts, subsets, destinationRules, meshHosts, entryProtocols, virtualServiceGateways, claimRoutes,
  gatewaySelectors, conflictingGateways, duplicateCertificates, gatewayPorts,
  sidecars, telemetries, gatewayPolicies, authorizationPolicies, envoyPatches,
  mtlsConflicts, gatewayRoutes, ambientPolicies,
];
