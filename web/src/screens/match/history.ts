// What was changed, step by step, so that it can be taken back.

import { useCallback, useEffect, useReducer } from "react";

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

const STEPS = 50; // that outlive a reload

export function restored<Value>(text: string | null, beginning: Value): Kept<Value> {
  if (!text) return first(beginning);
  const { past, now, future } = JSON.parse(text) as Kept<Value>;
  return { ...first(now), past, future };
}

export const saved = <Value>({ past, now, future }: Kept<Value>): string =>
  JSON.stringify({ past: past.slice(-STEPS), now, future: future.slice(0, STEPS) });

/** `name`: under which it is kept in this tab, so that a reload loses nothing. */
export function useHistory<Value>(name: string, beginning: Value) {
  const [kept, dispatch] = useReducer(stepped<Value>, beginning, (beginning) =>
    restored(sessionStorage.getItem(name), beginning),
  );
  const changed = kept.past.length + kept.future.length > 0;
  useEffect(() => {
    if (changed) sessionStorage.setItem(name, saved(kept));
  }, [name, kept, changed]);
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
