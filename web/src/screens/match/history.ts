// What was changed, step by step, so that it can be taken back.

import { useCallback, useReducer } from "react";

const TOGETHER_MS = 700; // changes of one control that follow so soon are one

interface Kept<Value> {
  past: Value[];
  now: Value;
  future: Value[];
  control: string;
  at: number;
}

type Step<Value> =
  { kind: "undo" } | { kind: "redo" } | { kind: "set"; value: Value; control: string; at: number };

export function stepped<Value>(kept: Kept<Value>, step: Step<Value>): Kept<Value> {
  const { past, now, future } = kept;
  if (step.kind === "set") {
    const same = step.control === kept.control && step.at - kept.at < TOGETHER_MS;
    return {
      past: same ? past : [...past, now],
      now: step.value,
      future: [],
      control: step.control,
      at: step.at,
    };
  }
  const found = step.kind === "undo" ? past.at(-1) : future[0];
  if (found === undefined) return kept;
  return step.kind === "undo"
    ? { past: past.slice(0, -1), now: found, future: [now, ...future], control: "", at: 0 }
    : { past: [...past, now], now: found, future: future.slice(1), control: "", at: 0 };
}

export const first = <Value>(now: Value): Kept<Value> => ({ past: [], now, future: [], control: "", at: 0 });

export function useHistory<Value>(beginning: Value) {
  const [kept, dispatch] = useReducer(stepped<Value>, beginning, first<Value>);
  const set = useCallback(
    (value: Value, control: string) => dispatch({ kind: "set", value, control, at: Date.now() }),
    [],
  );
  return {
    value: kept.now,
    set,
    undo: kept.past.length > 0 ? () => dispatch({ kind: "undo" }) : null,
    redo: kept.future.length > 0 ? () => dispatch({ kind: "redo" }) : null,
  };
}
