/**
 * How many tokens a thread has used: `token_count`.
 *
 * @module
 */
import { isObject } from "../json.ts";
import {
  anything,
  boolean,
  i32,
  i64,
  map,
  nullable,
  number,
  oneOf,
  onlyWord,
  optional,
  record,
  recordOrList,
  type Shape,
  text,
} from "../shape.ts";

const usage099 = recordOrList({
  input_tokens: i64,
  cached_input_tokens: i64,
  output_tokens: i64,
  reasoning_output_tokens: i64,
  total_tokens: i64,
});

const usage0169 = recordOrList({
  input_tokens: i64,
  cached_input_tokens: i64,
  cache_write_input_tokens: optional(i64, 0n),
  output_tokens: i64,
  reasoning_output_tokens: i64,
  total_tokens: i64,
  // One more that nothing here depends on; a list may have it.
  extra: anything,
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

type Info = { readonly total_token_usage: { readonly total_tokens: bigint } };

const total = (info: Shape<Info>, rateLimits: Shape<unknown>): Shape<bigint | null> =>
  map(
    recordOrList({ info: nullable(info), rate_limits: nullable(rateLimits) }),
    ({ info }) => info && info.total_token_usage.total_tokens,
  );

/** The total of a `token_count` as Codex 0.99.0 takes it; null if it has none. */
export const tokenCount099: Shape<bigint | null> = total(info099, recordOrList(limits099));

/** The total of a `token_count` as Codex 0.169.0 takes it; null if it has none. */
export const tokenCount0169: Shape<bigint | null> = total(
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

/** The total of a `token_count`, whatever else is in it. */
export const tokenCountLenient: Shape<bigint | null> = map(
  record({ info: nullable(record({ total_token_usage: record({ total_tokens: i64 }) })), rate_limits: anything }),
  ({ info }) => info && info.total_token_usage.total_tokens,
);
