/** A file of VirtualServices and DestinationRules with about this many lines, the same for the same number. */
export function generated(lines: number): string {
  const documents: string[] = [];
  for (let count = 0, index = 0; count < lines; index++) {
    const document = index % 2 === 0 ? virtualService(index) : destinationRule(index);
    documents.push(document);
    count += document.split('\n').length;
  }
  return documents.join('---\n');
}

function virtualService(index: number): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: service-${index}
  namespace: shop
spec:
  hosts:
  - service-${index}.shop.svc.cluster.local
  http:
  - match:
    - headers:
        end-user:
          exact: jason
      uri:
        prefix: /api/v${index % 7}
    route:
    - destination:
        host: service-${index}
        subset: v2
    timeout: ${(index % 9) + 1}s
    retries:
      attempts: 3
      perTryTimeout: 500ms
  - route:
    - destination:
        host: service-${index}
        subset: v1
      weight: 90
    - destination:
        host: service-${index}
        subset: v2
      weight: 10
`;
}

function destinationRule(index: number): string {
  return `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: service-${index - 1}
  namespace: shop
spec:
  host: service-${index - 1}
  trafficPolicy:
    connectionPool:
      http:
        http2MaxRequests: 1000
    outlierDetection:
      consecutive5xxErrors: 7
      interval: 5m
      baseEjectionTime: 15m
  subsets:
  - name: v1
    labels:
      version: v1
  - name: v2
    labels:
      version: v2
`;
}

/** Where the benches put the cursor: into a key in the middle of a text, away from its ends. */
export function keyInMiddle(text: string): number {
  return text.indexOf('perTryTimeout', text.length / 2) + 3;
}
