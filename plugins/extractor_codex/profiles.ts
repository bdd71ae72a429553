/**
 * How versions of Codex differ in reading rollouts, and what the default does better. Everything that depends on a version is
 * here; the rest of the extractor is the same for all.
 *
 * Where Codex loses data, the default does not:
 *
 * | what | Codex | default |
 * |---|---|---|
 * | a byte that is no UTF-8 | the file gives no row | the character is replaced |
 * | a byte-order mark | costs the first line | is passed over |
 * | a field of an odd type in a session_meta or turn_context | costs the line | costs the field |
 * | a session_meta whose time is unreadable | its id is dropped as well | its id is kept |
 * | an unknown or null `history_mode` (0.169) | the file gives no row | is taken for `legacy` |
 * | the other dialect's messages (0.99) | no title | read |
 * | a time before 2020 (0.169) | times 1000 | as it is |
 * | `memory_mode` of a parent's session_meta (0.169) | is taken for the child's | is not |
 * | what a fork copied of its parent | its prompts and tokens are the fork's | are not |
 * | credentials in the URL of a git origin | stored (0.99; 0.169 in one form) | never stored |
 * | a line of an unknown type | is dropped | is counted by type |
 * | a file that gives no row, beside its good compressed form | gives no row | the compressed one is read |
 * | a name in the home's `session_index.jsonl` | is not looked at | is taken |
 * | folders on this machine's disk (0.169) | change cwd and policy | play no part |
 *
 * @module
 */
import { type Disk, EMPTY_DISK, THIS_DISK } from "./disk.ts";
import { cleanGitUrl, cleanGitUrlFully, remembered } from "./git_url.ts";
import type { NumberRules } from "./json/json.ts";
import {
  EVENT_NUMBERS_0169,
  EVENT_NUMBERS_099,
  EVENT_TYPES,
  EVENT_TYPES_0169,
  EVENT_TYPES_099,
  LINE_TYPES,
  LINE_TYPES_0169,
  LINE_TYPES_099,
} from "./known_types.ts";
import type { Shape } from "./shapes/shape.ts";
import {
  goal0169,
  goalLenient,
  type Message,
  userMessage0169,
  userMessage099,
  userMessageLenient,
} from "./shapes/message.ts";
import { type SessionMeta, sessionMeta0169, sessionMeta099, sessionMetaLenient } from "./shapes/session_meta.ts";
import { item0169, item099, itemLenient } from "./shapes/turn_item.ts";
import { tokenCount0169, tokenCount099, tokenCountLenient, type Tokens } from "./shapes/token_count.ts";
import {
  threadSettings0169,
  threadSettingsLenient,
  type Turn,
  turnContext0169,
  turnContext099,
  turnContextLenient,
} from "./shapes/turn.ts";

/** The name of a profile: a version of Codex, or the default, which loses nothing. */
export type ProfileName = "default" | "0.99.0" | "0.169.0";

/** How rollouts are read. */
export interface Profile {
  /** Its name. */
  readonly name: ProfileName;
  /** How numbers are read. */
  readonly numbers: NumberRules;
  /** Whether a file must be UTF-8 from end to end. */
  readonly wholeFileUtf8: boolean;
  /** Whether a byte-order mark before a line is passed over. */
  readonly toleratesByteOrderMark: boolean;
  /** Whether a line's `ordinal` must be an integer. */
  readonly checksOrdinal: boolean;
  /** Whether a line must have a timestamp. */
  readonly needsTimestamp: boolean;
  /** Whether the type of a line may be the only key of an object, as other words may. */
  readonly takesTypeAsKey: boolean;
  /** The line types it knows. */
  readonly lineTypes: ReadonlySet<string>;
  /** The event types it knows. */
  readonly eventTypes: ReadonlySet<string>;
  /** Event types by the numbers that a line may call them by. */
  readonly eventNumbers: Readonly<Record<number, string>>;
  /** Whether a line of an unknown type counts as read, by its type, rather than as malformed. */
  readonly countsUnknown: boolean;
  /** What is taken of the lines that matter. A kind that is not known to the version is missing. */
  readonly shapes: {
    readonly sessionMeta: Shape<SessionMeta>;
    readonly turnContext: Shape<Turn>;
    readonly userMessage: Shape<Message>;
    readonly tokenCount: Shape<Tokens>;
    readonly item: Shape<Message | null>;
    readonly threadSettings?: Shape<Turn>;
    readonly goal?: Shape<string>;
  };
  /** Whether an unknown `history_mode` makes a file unusable. */
  readonly refusesHistoryModes: boolean;
  /** Whether a session_meta with an unreadable time still gives the id. */
  readonly keepsIdWithoutTime: boolean;
  /** Whether a sign may stand before the year in a file name. */
  readonly signedYears: boolean;
  /** Whether a file name may have the id of the file behind that of the thread. */
  readonly knowsSegments: boolean;
  /** Whether times are cut to whole seconds. */
  readonly wholeSeconds: boolean;
  /** Whether times before 2020 are taken for seconds. */
  readonly multipliesEarlyTimes: boolean;
  /** Whether every turn sets the working directory, or only a first one does while it is empty. */
  readonly cwdOfEveryTurn: boolean;
  /** Whether the thread of a guardian has a title of its own. */
  readonly titlesGuardians: boolean;
  /** Whether any session_meta sets the memory mode, also one of another thread. */
  readonly memoryOfOtherThreads: boolean;
  /** Whether a thread that has no name takes the one that the home's index has for it. */
  readonly takesIndexName: boolean;
  /** Whether what a fork copied from its parent is kept apart from what is its own. */
  readonly separatesCopies: boolean;
  /** Whether a thread's tools are taken. */
  readonly takesTools: boolean;
  /** Whether for that a line counts only if it repeats no member. */
  readonly takesToolsOfStrictLines: boolean;
  /** Whether the policy is stored as a permission profile. */
  readonly storesPermissionProfile: boolean;
  /** Makes the URL of a git origin fit to be stored. */
  readonly gitUrl: (url: string) => string | null;
  /** The disk that cwd and policy depend on. */
  readonly disk: Disk;
  /** Whether what lies compressed beside a file is read where the file itself gives no row. */
  readonly readsStandIns: boolean;
  /** Whether the best of several files of a thread is chosen, rather than the last. */
  readonly ranks: boolean;
}

/** Exactly what Codex 0.99.0 does. */
const V0_99: Profile = {
  name: "0.99.0",
  numbers: { negativeZeroIsInteger: false, refusesInfinity: true, keepsSpelling: false },
  wholeFileUtf8: true,
  toleratesByteOrderMark: false,
  checksOrdinal: false,
  needsTimestamp: true,
  takesTypeAsKey: true,
  lineTypes: LINE_TYPES_099,
  eventTypes: EVENT_TYPES_099,
  eventNumbers: EVENT_NUMBERS_099,
  countsUnknown: false,
  shapes: {
    sessionMeta: sessionMeta099,
    turnContext: turnContext099,
    userMessage: userMessage099,
    tokenCount: tokenCount099,
    item: item099,
  },
  refusesHistoryModes: false,
  keepsIdWithoutTime: false,
  signedYears: true,
  knowsSegments: false,
  wholeSeconds: true,
  multipliesEarlyTimes: false,
  cwdOfEveryTurn: true,
  titlesGuardians: false,
  memoryOfOtherThreads: false,
  separatesCopies: false,
  takesIndexName: false,
  takesTools: true,
  takesToolsOfStrictLines: true,
  storesPermissionProfile: false,
  gitUrl: (url) => url,
  disk: EMPTY_DISK,
  readsStandIns: false,
  ranks: false,
};

/** Exactly what Codex 0.169.0 does. */
const V0_169: Profile = {
  name: "0.169.0",
  numbers: { negativeZeroIsInteger: true, refusesInfinity: false, keepsSpelling: true },
  wholeFileUtf8: true,
  toleratesByteOrderMark: false,
  checksOrdinal: true,
  needsTimestamp: true,
  takesTypeAsKey: false,
  lineTypes: LINE_TYPES_0169,
  eventTypes: EVENT_TYPES_0169,
  eventNumbers: EVENT_NUMBERS_0169,
  countsUnknown: false,
  shapes: {
    sessionMeta: sessionMeta0169,
    turnContext: turnContext0169,
    userMessage: userMessage0169,
    tokenCount: tokenCount0169,
    item: item0169,
    threadSettings: threadSettings0169,
    goal: goal0169,
  },
  refusesHistoryModes: true,
  keepsIdWithoutTime: false,
  signedYears: false,
  knowsSegments: true,
  wholeSeconds: false,
  multipliesEarlyTimes: true,
  cwdOfEveryTurn: false,
  titlesGuardians: true,
  memoryOfOtherThreads: true,
  separatesCopies: false,
  takesIndexName: false,
  takesTools: false,
  takesToolsOfStrictLines: false,
  storesPermissionProfile: true,
  gitUrl: remembered(cleanGitUrl),
  disk: THIS_DISK,
  readsStandIns: false,
  ranks: false,
};

/** Both dialects, and nothing lost. */
const DEFAULT: Profile = {
  name: "default",
  numbers: { negativeZeroIsInteger: true, refusesInfinity: false, keepsSpelling: false },
  wholeFileUtf8: false,
  toleratesByteOrderMark: true,
  checksOrdinal: false,
  needsTimestamp: false,
  takesTypeAsKey: false,
  lineTypes: LINE_TYPES,
  eventTypes: EVENT_TYPES,
  eventNumbers: {},
  countsUnknown: true,
  shapes: {
    sessionMeta: sessionMetaLenient,
    turnContext: turnContextLenient,
    userMessage: userMessageLenient,
    tokenCount: tokenCountLenient,
    item: itemLenient,
    threadSettings: threadSettingsLenient,
    goal: goalLenient,
  },
  refusesHistoryModes: false,
  keepsIdWithoutTime: true,
  signedYears: false,
  knowsSegments: true,
  wholeSeconds: false,
  multipliesEarlyTimes: false,
  cwdOfEveryTurn: false,
  titlesGuardians: true,
  memoryOfOtherThreads: false,
  separatesCopies: true,
  takesIndexName: true,
  takesTools: true,
  takesToolsOfStrictLines: false,
  storesPermissionProfile: true,
  gitUrl: remembered(cleanGitUrlFully),
  disk: EMPTY_DISK,
  readsStandIns: true,
  ranks: true,
};

/** The profiles, by name. */
export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  "default": DEFAULT,
  "0.99.0": V0_99,
  "0.169.0": V0_169,
};
