/**
 * How many tokens a thread has used: `token_count`.
 *
 * @module
 */
import { isObject, isSpelledNumber, RawNumber } from "../json/json.ts";
import { needs128Bits } from "../json/number_text.ts";
import {
  boolean,
  i32,
  i64,
  lenient,
  map,
  nullable,
  number,
  oneOf,
  onlyWord,
  optional,
  record,
  recordOrList,
  REFUSED,
  type Shape,
  text,
} from "./shape.ts";

/** Any number of 64 bits, or one that keeps its spelling. */
const spelledNumber: Shape<unknown> = (value) => {
  if (isObject(value)) return isSpelledNumber(value) ? value : REFUSED;
  return value instanceof RawNumber && needs128Bits(value.text) ? REFUSED : number(value);
};

const usage099 = recordOrList({
  input_tokens: i64,
  cached_input_tokens: i64,
  output_tokens: i64,
  reasoning_output_tokens: i64,
  total_tokens: i64,
});

/** How many tokens were used, as Codex 0.169.0 takes it. */
export const usage0169 = recordOrList({
  input_tokens: i64,
  cached_input_tokens: i64,
  cache_write_input_tokens: optional(i64, 0n),
  output_tokens: i64,
  reasoning_output_tokens: i64,
  total_tokens: i64,
  codex_rollout_budget_units: nullable(spelledNumber),
}, 6);

const info099 = recordOrList({
  total_token_usage: usage099,
  last_token_usage: usage099,
  model_context_window: nullable(i64),
});

const info0169 = recordOrList({
  total_token_usage: usage0169,
  last_token_usage: usage0169,
  last_usage_includes_reasoning: nullable(boolean),
  model_context_window: nullable(i64),
});

const window = nullable(recordOrList({
  used_percent: number,
  window_minutes: nullable(i64),
  resets_at: nullable(i64),
}));

/** Any word, also as the only key of an object with nothing in it. */
const plan: Shape<unknown> = (value) => text(isObject(value) ? onlyWord(value) : value);

const limits099 = {
  primary: window,
  secondary: window,
  credits: nullable(recordOrList({ has_credits: boolean, unlimited: boolean, balance: nullable(text) })),
  plan_type: nullable(plan),
} as const;

/** What is taken of a `token_count`; null where it says nothing. */
export interface Tokens {
  /** What the thread has used. */
  readonly total: bigint | null;
  /** What its last request has used. */
  readonly last: bigint | null;
}

type Usage = { readonly total_tokens: bigint };
type Info = { readonly total_token_usage: Usage; readonly last_token_usage: Usage | null };

function tokensOf({ info }: { readonly info: Info | null }): Tokens {
  return { total: info?.total_token_usage.total_tokens ?? null, last: info?.last_token_usage?.total_tokens ?? null };
}

const tokens = (info: Shape<Info>, rateLimits: Shape<unknown>): Shape<Tokens> =>
  map(recordOrList({ info: nullable(info), rate_limits: nullable(rateLimits) }), tokensOf);

/** A `token_count` as Codex 0.99.0 takes it. */
export const tokenCount099: Shape<Tokens> = tokens(info099, recordOrList(limits099));

/** A `token_count` as Codex 0.169.0 takes it. */
export const tokenCount0169: Shape<Tokens> = tokens(
  info0169,
  recordOrList({
    limit_id: nullable(text),
    limit_name: nullable(text),
    normal_model_slug: nullable(text),
    primary: limits099.primary,
    secondary: limits099.secondary,
    credits: limits099.credits,
    individual_limit: nullable(recordOrList({ limit: text, used: text, remaining_percent: i32, resets_at: i64 })),
    spend_control_reached: nullable(boolean),
    plan_type: nullable(plan),
    rate_limit_reached_type: nullable(oneOf(
      "rate_limit_reached",
      "workspace_owner_credits_depleted",
      "workspace_member_credits_depleted",
      "workspace_owner_usage_limit_reached",
      "workspace_member_usage_limit_reached",
    )),
  }),
);

const anyUsage = record({ total_tokens: i64 });

/** A `token_count`, whatever else is in it. */
export const tokenCountLenient: Shape<Tokens> = map(
  record({
    info: nullable(record({ total_token_usage: anyUsage, last_token_usage: lenient(anyUsage, null) })),
  }),
  tokensOf,
);
