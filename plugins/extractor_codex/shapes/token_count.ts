/**
 * How many tokens a thread has used: `token_count`.
 *
 * @module
 */
import {
  anything,
  boolean,
  i64,
  map,
  nullable,
  number,
  oneOf,
  record,
  recordOrList,
  type Shape,
  text,
} from "../shape.ts";

const usage = recordOrList({
  input_tokens: i64,
  cached_input_tokens: i64,
  output_tokens: i64,
  reasoning_output_tokens: i64,
  total_tokens: i64,
});

const info = recordOrList({
  total_token_usage: usage,
  last_token_usage: usage,
  model_context_window: nullable(i64),
});

const window = nullable(recordOrList({
  used_percent: number,
  window_minutes: nullable(i64),
  resets_at: nullable(i64),
}));

const limits099 = {
  primary: window,
  secondary: window,
  credits: nullable(recordOrList({ has_credits: boolean, unlimited: boolean, balance: nullable(text) })),
  plan_type: nullable(text),
} as const;

const total = (rateLimits: Shape<unknown>): Shape<bigint | null> =>
  map(
    record({ info: nullable(info), rate_limits: nullable(rateLimits) }),
    ({ info }) => info && info.total_token_usage.total_tokens,
  );

/** The total of a `token_count` as Codex 0.99.0 takes it; null if it has none. */
export const tokenCount099: Shape<bigint | null> = total(record(limits099));

/** The total of a `token_count` as Codex 0.169.0 takes it; null if it has none. */
export const tokenCount0169: Shape<bigint | null> = total(record({
  ...limits099,
  limit_id: nullable(text),
  limit_name: nullable(text),
  rate_limit_reached_type: nullable(oneOf(
    "rate_limit_reached",
    "workspace_owner_credits_depleted",
    "workspace_member_credits_depleted",
    "workspace_owner_usage_limit_reached",
    "workspace_member_usage_limit_reached",
  )),
}));

/** The total of a `token_count`, whatever else is in it. */
export const tokenCountLenient: Shape<bigint | null> = map(
  record({ info: nullable(record({ total_token_usage: record({ total_tokens: i64 }) })), rate_limits: anything }),
  ({ info }) => info && info.total_token_usage.total_tokens,
);
