/**
 * Where the Redis of a fleet is:
 *
 *   redis://host:6379/0, rediss://… (TLS)     one server
 *   sentinel://host:26379,host2:26379/master  asked for the master of that name
 *   cluster://host:6379,host2:6379            nodes to begin with; all keys of a stage lie on one of them
 *
 * Name and password stand elsewhere: an address is seen in the list of processes.
 */

export type FleetAddress =
  | {
      readonly kind: "server";
      readonly host: string;
      readonly port: number;
      readonly db: number;
      readonly isTls: boolean;
    }
  | { readonly kind: "sentinel"; readonly nodes: readonly Node[]; readonly master: string }
  | { readonly kind: "cluster"; readonly nodes: readonly Node[] };

interface Node {
  readonly host: string;
  readonly port: number;
}

const HOST = String.raw`(?:[0-9A-Za-z._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])`;
const ONE = new RegExp(`^(rediss?)://(${HOST})(?::(\\d{1,5}))?(?:/(\\d{1,3})?)?$`);
const MANY = new RegExp(
  `^(sentinel|cluster)://(${HOST}(?::\\d{1,5})?(?:,${HOST}(?::\\d{1,5})?){0,15})(?:/([\\w.-]{1,64}))?/?$`,
);

/** @returns the address, or undefined when it is none. */
export function fleetAddress(text: string): FleetAddress | undefined {
  const one = ONE.exec(text);
  if (one !== null) {
    const [, scheme, host = "", port = "6379", db = "0"] = one;
    const address = {
      kind: "server",
      host: bare(host),
      port: Number(port),
      db: Number(db),
    } as const;
    return isPort(address.port) ? { ...address, isTls: scheme === "rediss" } : undefined;
  }
  const many = MANY.exec(text);
  if (many === null) return undefined;
  const [, scheme, list = "", master] = many;
  const nodes = list.split(",").map((node) => nodeOf(node, scheme === "sentinel" ? 26_379 : 6379));
  if (!nodes.every(({ port }) => isPort(port))) return undefined;
  if (scheme === "cluster") return master === undefined ? { kind: "cluster", nodes } : undefined;
  return master === undefined ? undefined : { kind: "sentinel", nodes, master };
}

function nodeOf(text: string, portDefault: number): Node {
  const found = /^(.*?)(?::(\d+))?$/.exec(text.startsWith("[") ? text.replace(/\]$/, "]") : text);
  const inBrackets = /^(\[.*\])(?::(\d+))?$/.exec(text);
  const [, host = "", port] = inBrackets ?? found ?? [];
  return { host: bare(host), port: port === undefined ? portDefault : Number(port) };
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}
