/**
 * A camera's address as people write it: with the password in it as it is, whatever characters it has. A URL's own rules
 * would want `%`, `@`, `/`, `?` and `#` written as %25, %40, …; both ways are understood, where there is only one way to read it.
 */

const PROTOCOLS = ["http:", "https:", "ws:", "wss:"] as const;
type Protocol = (typeof PROTOCOLS)[number];

export interface CameraAddress {
  readonly protocol: Protocol;
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** With the query, escaped. */
  readonly path: string;
  /** `host:port` as a Host header has it. */
  readonly authority: string;
  /** Value of an Authorization header; undefined without a user. */
  readonly authorization: string | undefined;
}

/** Where the host begins would be a guess, and with a wrong one the password goes to a stranger. */
const AMBIGUOUS =
  "can be read in two ways: write every @ but the one before the host as %40, and in the password / as %2F, ? as %3F and # as %23";

/** @returns the address, or why a text cannot be one, a phrase: "is not a URL". */
export function readCameraUrl(text: string): CameraAddress | string {
  const { userInfo, rest } = splitUserInfo(text);
  if (isAmbiguous(userInfo, rest)) return AMBIGUOUS;
  if (!URL.canParse(rest)) return "is not a URL";
  const url = new URL(rest);
  const protocol = PROTOCOLS.find((one) => one === url.protocol);
  if (protocol === undefined) {
    return `must begin with http://, https://, ws:// or wss://, not ${url.protocol}`;
  }
  const isSecure = protocol === "https:" || protocol === "wss:";
  return {
    protocol,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (isSecure ? 443 : 80) : Number(url.port),
    path: `${url.pathname}${url.search}`,
    authority: url.host,
    authorization: userInfo === undefined ? undefined : basicCredentials(userInfo),
  };
}

/** @returns an RTSP address as programs take it, what is special in the password escaped; or a phrase as above. */
export function readRtspUrl(text: string): { readonly url: string } | string {
  const { userInfo, rest } = splitUserInfo(text);
  if (isAmbiguous(userInfo, rest)) return AMBIGUOUS;
  if (!URL.canParse(rest) || new URL(rest).hostname === "") return "is not a URL";
  if (userInfo === undefined) return { url: rest };
  const [user, password] = userAndPassword(userInfo).map(encodeURIComponent);
  return { url: rest.replace("://", `://${user}:${password}@`) };
}

/**
 * An address as it may be shown: without user and password. Where a password with an @ and a / may have been taken for a host and a
 * path, what stands before the last @ is left out as well.
 */
export function shownAddress(text: string): string {
  const { userInfo, rest } = splitUserInfo(text);
  return userInfo === undefined ? rest : rest.replace(/:\/\/.*@/s, "://…@");
}

/** A text without what stands before an @ in addresses that it names. */
export function redactAddress(text: string): string {
  return text.replace(/\b([a-z]{2,10}:\/\/)\S{1,2000}@/gi, "$1");
}

/** Takes `user:password@` out, so that no character of it is taken for a part of the URL. */
function splitUserInfo(text: string): { userInfo: string | undefined; rest: string } {
  const [, scheme = "", body = ""] = /^(\w+:\/\/)(.*)$/s.exec(text) ?? [];
  const end = body.search(/[/?#]/);
  const authority = end < 0 ? body : body.slice(0, end);
  let at = authority.lastIndexOf("@");
  // An unescaped / ? or # in the password ends the authority early. What stands before it is then no host with a port, or
  // it is a fragment, which no camera is asked for.
  if (at < 0 && (body[end] === "#" || !URL.canParse(`${scheme}${authority}`))) {
    at = body.lastIndexOf("@");
  }
  if (at < 0) return { userInfo: undefined, rest: text };
  return { userInfo: body.slice(0, at), rest: `${scheme}${body.slice(at + 1)}` };
}

/** `tom:p@ss/word@cam/x` may be a password with a / in it or a path with an @ in it. */
function isAmbiguous(userInfo: string | undefined, rest: string): boolean {
  return userInfo !== undefined && rest.includes("@");
}

function basicCredentials(userInfo: string): string {
  return `Basic ${Buffer.from(userAndPassword(userInfo).join(":")).toString("base64")}`;
}

function userAndPassword(userInfo: string): [string, string] {
  const colon = userInfo.indexOf(":");
  const user = colon < 0 ? userInfo : userInfo.slice(0, colon);
  const password = colon < 0 ? "" : userInfo.slice(colon + 1);
  return [unescape(user), unescape(password)];
}

/** Reads %41 as A. What is no such escape, or would be no text, stands for itself. */
function unescape(text: string): string {
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes; // Not UTF-8: then it was meant as it stands.
    }
  });
}
