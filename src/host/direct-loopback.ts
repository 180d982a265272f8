/**
 * Services on this machine are never asked by way of a proxy: Node takes HTTP_PROXY for its own `fetch` when NODE_USE_ENV_PROXY is
 * set, and a proxy elsewhere knows no loopback of ours. NO_PROXY is read with each request.
 */
const LOOPBACK = ["localhost", "127.0.0.1", "::1", "[::1]"] as const;

/** Adds the names of this machine to NO_PROXY of `environment`; what stands there stays. */
export function keepLoopbackDirect(environment: Record<string, string | undefined>): void {
  // The lower-case name is the one that wins where both are set.
  const name = environment["no_proxy"] === undefined ? "NO_PROXY" : "no_proxy";
  const named = (environment[name] ?? "").split(/[\s,]+/).filter((entry) => entry !== "");
  if (named.includes("*")) return;
  const missing = LOOPBACK.filter((host) => !named.includes(host));
  if (missing.length > 0) environment[name] = [...named, ...missing].join(",");
}
