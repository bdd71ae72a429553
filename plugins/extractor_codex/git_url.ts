/**
 * The URL of a git origin without what must not be stored of it: credentials.
 *
 * @module
 */

/**
 * Cleans a URL as Codex 0.169.0 does.
 *
 * @param url The URL, a `user@host:path`, or a path.
 * @returns The URL without user and password, or `null` if it is empty or no URL. A user named `git` stays where it is part of
 * the address.
 */
export function cleanGitUrl(url: string): string | null {
  if (url === "" || /[^\x21-\x7e]/.test(url)) return null;
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\/([^/?#]*)(.*)$/.exec(url);
  if (scheme) {
    const [, name = "", authority = "", rest = ""] = scheme;
    const at = authority.lastIndexOf("@");
    if (at < 0) return url;
    const user = authority.slice(0, at).split(":")[0];
    const keep = user === "git" && /^(git\+)?ssh$/i.test(name) ? "git@" : "";
    return `${name}://${keep}${authority.slice(at + 1)}${rest}`;
  }
  const scp = /^([^@/:]*)@([^/:]+:.*)$/.exec(url);
  if (!scp) return url;
  return scp[1] === "git" ? url : scp[2] ?? url;
}

/**
 * Cleans a URL of every credential, also of a password in the form `user:password@host:path`, which Codex leaves.
 *
 * @param url The URL, a `user@host:path`, or a path.
 * @returns The URL without user and password, or `null` if it is empty or no URL.
 */
export function cleanGitUrlFully(url: string): string | null {
  const cleaned = cleanGitUrl(url);
  if (cleaned === null || cleaned.includes("://")) return cleaned;
  return cleaned.replace(/^[^@/:]+:[^@/]*@(?=[^/:]+:)/, "");
}
