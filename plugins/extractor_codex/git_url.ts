/**
 * The URL of a git origin without what must not be stored of it: credentials.
 *
 * @module
 */
import { isBlank } from "../whitespace.ts";

/** The schemes whose user `git` is part of the address. */
const SSH_SCHEMES: readonly string[] = ["ssh", "git+ssh", "ssh+git"];

/** The schemes whose hosts and ports must be well formed. */
const WEB_SCHEMES: readonly string[] = ["https", "http"];

/** The schemes that must name a host, and those that must name a path. */
const WITH_HOST: readonly string[] = ["https", "http", "ssh", "git", "ftp"],
  WITH_PATH: readonly string[] = [...SSH_SCHEMES, "git"];

/** What may stand in a host of the web: a name, or in brackets an IPv6 address, which may be that of an interface. */
const WEB_NAME = /^[\w.~!$&'()*+,;=%-]+$/, IPV6 = /^\[([\da-fA-F:.]+)(?:%25[\w.~%-]+)?\]$/;

/**
 * Cleans a URL as Codex 0.169.0 does.
 *
 * @param url The URL, a `user@host:path`, or a path.
 * @returns The URL without user and password, or `null` if it is empty or malformed. A user named `git` stays where it is part
 * of the address.
 */
export function cleanGitUrl(url: string): string | null {
  const [helpers, rest] = splitHelpers(url), cleaned = rest === "" ? null : cleanDirect(rest);
  // What is a path or an address with blanks by itself is none to a helper.
  if (helpers !== "" && hasSpace(rest)) return null;
  return cleaned === null ? null : `${helpers}${cleaned}`;
}

/** The remote helpers before a URL, as in `cache::https://…`, and the URL. */
function splitHelpers(url: string): [helpers: string, rest: string] {
  const helper = /[a-zA-Z\d+.-]+::/y;
  let end = 0;
  while (helper.test(url)) end = helper.lastIndex;
  return [url.slice(0, end), url.slice(end)];
}

function cleanDirect(url: string): string | null {
  const mark = url.indexOf("://");
  if (mark >= 0) return cleanUrl(url.slice(0, mark), url.slice(mark + 3));
  // The colons of an IPv6 address stand in brackets.
  const [bracketed = ""] = /^(?:[^:@]+@)?\[[^\]]*\]/.exec(url) ?? [];
  if (bracketed.startsWith("[") && !url.includes(":", bracketed.length)) return url;
  const colon = url.indexOf(":", hasSpace(bracketed) ? 0 : bracketed.length);
  if (colon < 0) return url.includes(":") ? null : url;
  return url.slice(0, colon).includes("/") ? url : cleanScp(url.slice(0, colon), url.slice(colon + 1));
}

/**
 * Cleans a URL of every credential, also of what Codex leaves: a password in the form `user:password@host:path`, and what is
 * named like a credential in the query of a URL, as in `?private_token=…`.
 *
 * @param url The URL, a `user@host:path`, or a path.
 * @returns The URL without credentials, or `null` if it is empty or malformed.
 */
export function cleanGitUrlFully(url: string): string | null {
  if (!url.includes("://")) {
    const [helpers, rest] = splitHelpers(url), cleaned = cleanGitUrl(`${helpers}${withoutScpPassword(rest)}`);
    // Of `[user@host]:path` Codex keeps `host]:path`, which is no address.
    return cleaned !== null && /^[^[]*\]/.test(cleaned) ? null : cleaned;
  }
  const [helpers, rest] = splitHelpers(cleanGitUrl(url) ?? "");
  if (rest === "") return null;
  const [, address, query, fragment] = WITH_QUERY.exec(rest) ?? [];
  return query === undefined ? `${helpers}${rest}` : `${helpers}${address}${withoutCredentials(query)}${fragment}`;
}

/** Leaves out the `user:password@` before a `host:path` or `host/path`. */
function withoutScpPassword(url: string): string {
  // Neither a user nor a password holds an "@", so each is looked for only behind the one before.
  for (let from = 0, at = url.indexOf("@"); at >= 0; from = at + 1, at = url.indexOf("@", from)) {
    const place = /[^@/:]+[/:]/y;
    place.lastIndex = at + 1;
    if (!place.test(url)) continue;
    const before = url.slice(from, at), start = Math.max(before.lastIndexOf("/"), before.lastIndexOf("\\")) + 1;
    const user = (from + start === 0 ? /(?:^|(?<=::))[^:]+:/ : /(?<=::)[^:]+:/).exec(before.slice(start));
    if (user) return `${url.slice(0, from + start + user.index)}${url.slice(at + 1)}`;
  }
  return url;
}

/** A URL of the web with a query. */
const WITH_QUERY = /^(https?:\/\/[^?#]*)\?([^#]*)(.*)$/is;

/** How what grants access is named. Rather a parameter too many is left out than one too few. */
const CREDENTIAL = /token|secret|pass|pwd|auth|key|cred|sig|jwt/i;

/** What of a query may be stored. A parameter without a value may be a credential as well. */
function withoutCredentials(query: string): string {
  const kept = query.split(/[&;]/).filter((parameter) => {
    const [name = "", value] = parameter.split("=");
    return value !== undefined && !CREDENTIAL.test(decodeURIComponent(name));
  });
  return kept.length === 0 ? "" : `?${kept.join("&")}`;
}

/** How many answers are remembered, and of URLs of how many characters at most. */
const MOST_REMEMBERED = 100, LONGEST_REMEMBERED = 1000;

/** Remembers the answers: the rollouts of a home name the same few origins again and again. */
export function remembered(clean: (url: string) => string | null): (url: string) => string | null {
  const answers = new Map<string, string | null>();
  return (url) => {
    if (url.length > LONGEST_REMEMBERED) return clean(url);
    const known = answers.get(url);
    if (known !== undefined) return known;
    const answer = clean(url);
    if (answers.size >= MOST_REMEMBERED) answers.clear();
    answers.set(url, answer);
    return answer;
  };
}

/** `scheme://user:password@host:port/path` */
function cleanUrl(scheme: string, rest: string): string | null {
  if (!/^[a-zA-Z][a-zA-Z\d+.-]*$/.test(scheme)) return null;
  const end = rest.search(WEB_SCHEMES.includes(scheme) ? /[/?#]/ : /\//);
  const authority = end < 0 ? rest : rest.slice(0, end), path = end < 0 ? "" : rest.slice(end);
  const at = authority.lastIndexOf("@");
  const address = authority.slice(at + 1),
    [, user = "", password] = /^([^:]*)(:.*)?$/s.exec(at < 0 ? "" : authority.slice(0, at)) ?? [];
  if (scheme === "file") return path === "" ? null : `file://${address}${path}`;
  if (hasSpace(rest) || authority.includes("\\") || !isDecodable(rest)) return null;
  if (!isAddress(scheme, address) || (at >= 0 && address === "") || (path === "" && WITH_PATH.includes(scheme))) {
    return null;
  }
  const kept = SSH_SCHEMES.includes(scheme) && decodeURIComponent(user) === "git"
    ? `${user}${password === ":" ? ":" : ""}@`
    : "";
  return `${scheme}://${kept}${address}${path}`;
}

/** `user@host:path`; a user named `git` stays. */
function cleanScp(authority: string, path: string): string | null {
  const at = authority.lastIndexOf("@");
  const user = authority.slice(0, Math.max(at, 0)), host = authority.slice(at + 1);
  // As in `[git@host:22]:path`: a port, or a password, that is within the brackets.
  if (user.includes(":") || user.startsWith("[") && host.includes(":")) return null;
  if (at >= 0 && host.includes(":") && !isDecodable(authority)) return null;
  if (path === "" || host === "" || hasSpace(host) || host.includes("\\") || !isClosed(host)) return null;
  return user === "git" ? `git@${host}:${path}` : `${host}:${path}`;
}

/** Whether a host, and a port behind it, can be ones of a scheme. */
function isAddress(scheme: string, address: string): boolean {
  const [, host = "", port] = /^(.*?)(?::(\d*))?$/s.exec(address) ?? [];
  if (port && (Number(port) === 0 && WEB_SCHEMES.includes(scheme) || Number(port) > 65_535)) return false;
  if (host === "") return !WITH_HOST.includes(scheme);
  if (WEB_SCHEMES.includes(scheme)) return WEB_NAME.test(host) || isIpv6(host);
  if (host.startsWith("[")) return isClosed(host);
  return !/.:[^:]*[^:\d]/s.test(host);
}

function isIpv6(host: string): boolean {
  const [, address] = IPV6.exec(host) ?? [];
  return address !== undefined && URL.canParse(`http://[${address}]`);
}

/** Whether a host that begins with a bracket ends with one. */
function isClosed(host: string): boolean {
  return !host.startsWith("[") || /^\[[^\]]*\]$/.test(host);
}

/** Whether what is written with percent signs is UTF-8. */
function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function hasSpace(text: string): boolean {
  for (const character of text) if (isBlank(character)) return true;
  return false;
}
