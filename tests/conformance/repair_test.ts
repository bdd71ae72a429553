/**
 * After `backfill repair --compat 0.169.0 --apply` Codex's own database holds what Codex 0.169.0 wrote, column by column.
 */
import { readCases } from "./case.ts";
import { playCase } from "./play.ts";
import { repairCommand } from "./repair.ts";

for (const one of readCases()) playCase("0.169.0", one, repairCommand);
