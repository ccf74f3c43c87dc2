// What a match did and left (`notes` of a style), clause by clause; its report reads the same file. Where a clause is not
// known there, the whole sentence is said in the API's own words: never half of it.

import { clauses } from "../../../layers/engine/soundstage/match/in_chinese.json";

const CLAUSES = clauses.map(([pattern = "", told = ""]) => [new RegExp(pattern), told] as const);

export function matchNoteInChinese(said: string): string {
  let rest = said;
  let told = "";
  while (rest !== "") {
    const clause = CLAUSES.find(([pattern]) => pattern.test(rest));
    if (!clause) return said;
    const [found = ""] = clause[0].exec(rest) ?? [];
    told += found.replace(clause[0], clause[1]);
    rest = rest.slice(found.length).replace(/^ /, "");
  }
  return told;
}
