// A tune as a piano roll that can be mended: by dragging, by keys, or by the buttons below it.

import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";
import { type Note, playTune, shifted, split, timed, transposed, withNote, without } from "../audio/tune";
import { noteName } from "./format";

const ROW_PX = 14;
const SECOND_PX = 90;
const EDGE_PX = 7;
const NUDGE_S = 0.05;
const BLACK = new Set([1, 3, 6, 8, 10]);

interface Props {
  notes: readonly Note[];
  musicalKey: Schemas["Key"];
  durationS: number;
  onChange: (notes: Note[]) => void;
}

interface Drag {
  at: number;
  part: "whole" | "start" | "end";
  x: number;
  y: number;
  before: readonly Note[];
}

export function TuneEditor({ notes, musicalKey, durationS, onChange }: Props) {
  const { t } = useTranslation();
  const [selected, setSelected] = useState(0);
  const [undoable, setUndoable] = useState<(readonly Note[])[]>([]);
  const [dragged, setDragged] = useState<Note[] | null>(null);
  const [stop, setStop] = useState<(() => void) | null>(null);
  const drag = useRef<Drag | null>(null);
  const roll = useRef<SVGSVGElement>(null);
  useEffect(() => () => stop?.(), [stop]);

  const shown = dragged ?? notes;
  const pitches = notes.map(({ midi }) => midi);
  const top = Math.max(...pitches, 60) + 4;
  const bottom = Math.min(...pitches, 72) - 4;
  const width = durationS * SECOND_PX;
  const height = (top - bottom + 1) * ROW_PX;

  function change(next: Note[], now = selected) {
    setUndoable([...undoable.slice(-99), notes]);
    setSelected(Math.min(now, next.length - 1));
    onChange(next);
  }

  function undo() {
    const before = undoable.at(-1);
    if (!before) return;
    setUndoable(undoable.slice(0, -1));
    onChange([...before]);
  }

  function select(at: number) {
    const index = Math.min(notes.length - 1, Math.max(0, at));
    setSelected(index);
    roll.current?.querySelectorAll<SVGGElement>("[data-note]")[index]?.focus();
  }

  function press(event: KeyboardEvent, at: number) {
    const step = { ArrowUp: 1, ArrowDown: -1, PageUp: 12, PageDown: -12 }[event.key];
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) change(transposed(notes, at, step), at);
    else if (way && event.altKey) change(shifted(notes, at, way * NUDGE_S), at);
    else if (way) select(at + way);
    else if (event.key === "Delete" || event.key === "Backspace") change(without(notes, at), at);
    else if (event.key === "s") change(split(notes, at), at);
    else if (event.key === "z" && (event.ctrlKey || event.metaKey)) undo();
    else return;
    event.preventDefault();
  }

  function grab(event: PointerEvent<SVGGElement>, at: number) {
    const note = notes[at];
    if (!note) return;
    const inNote = event.nativeEvent.offsetX - note.onset_s * SECOND_PX;
    const long = (note.offset_s - note.onset_s) * SECOND_PX;
    const part =
      long < 3 * EDGE_PX ? "whole" : inNote < EDGE_PX ? "start" : inNote > long - EDGE_PX ? "end" : "whole";
    drag.current = { at, part, x: event.clientX, y: event.clientY, before: notes };
    event.currentTarget.setPointerCapture(event.pointerId);
    setSelected(at);
  }

  function move(event: PointerEvent) {
    const held = drag.current;
    const note = held?.before[held.at];
    if (!held || !note) return;
    const seconds = (event.clientX - held.x) / SECOND_PX;
    const semitones = Math.round((held.y - event.clientY) / ROW_PX);
    const { at, part, before } = held;
    if (part === "start") setDragged(timed(before, at, note.onset_s + seconds, note.offset_s));
    else if (part === "end") setDragged(timed(before, at, note.onset_s, note.offset_s + seconds));
    // Who moves a note up or down rarely means to move it a little in time as well.
    else
      setDragged(transposed(Math.abs(seconds) < 0.08 ? before : shifted(before, at, seconds), at, semitones));
  }

  function drop() {
    if (dragged) change(dragged);
    drag.current = null;
    setDragged(null);
  }

  function add(event: { nativeEvent: MouseEvent }) {
    const { offsetX, offsetY } = event.nativeEvent;
    const made = withNote(notes, offsetX / SECOND_PX, top - Math.floor(offsetY / ROW_PX));
    if (made) change(made.notes, made.at);
  }

  const note = shown[selected];
  return (
    <div className="tune">
      <div className="tune-scroll">
        <svg
          ref={roll}
          className="tune-roll"
          width={width}
          height={height}
          role="group"
          aria-label={t("tune.roll")}
          onDoubleClick={add}
        >
          {Array.from({ length: top - bottom + 1 }, (_, row) => (
            <rect
              key={row}
              className={BLACK.has((top - row) % 12) ? "row black" : "row"}
              y={row * ROW_PX}
              width="100%"
              height={ROW_PX}
            />
          ))}
          {Array.from({ length: Math.ceil(durationS) }, (_, second) => (
            <line
              key={second}
              className="second"
              x1={second * SECOND_PX}
              x2={second * SECOND_PX}
              y2={height}
            />
          ))}
          {shown.map(({ onset_s, offset_s, midi }, at) => (
            <g
              key={at}
              data-note
              role="button"
              tabIndex={at === selected ? 0 : -1}
              aria-pressed={at === selected}
              aria-label={t("tune.note", { name: noteName(midi, musicalKey), at: onset_s.toFixed(1) })}
              className={at === selected ? "note selected" : "note"}
              onFocus={() => setSelected(at)}
              onKeyDown={(event) => press(event, at)}
              onPointerDown={(event) => grab(event, at)}
              onPointerMove={move}
              onPointerUp={drop}
              onPointerCancel={drop}
            >
              <rect
                x={onset_s * SECOND_PX}
                y={(top - midi) * ROW_PX + 1}
                width={Math.max(4, (offset_s - onset_s) * SECOND_PX - 1)}
                height={ROW_PX - 2}
                rx={4}
              />
            </g>
          ))}
        </svg>
      </div>
      <div className="actions">
        <button
          type="button"
          className="button small"
          onClick={() => {
            if (stop) stop();
            else setStop(() => playTune(notes, () => setStop(null)));
          }}
        >
          {t(stop ? "tune.stop" : "tune.play")}
        </button>
        <span className="quiet tune-name" aria-live="polite">
          {note && noteName(note.midi, musicalKey)}
        </span>
        <button type="button" className="button small" onClick={() => change(transposed(notes, selected, 1))}>
          {t("tune.up")}
        </button>
        <button
          type="button"
          className="button small"
          onClick={() => change(transposed(notes, selected, -1))}
        >
          {t("tune.down")}
        </button>
        <button type="button" className="button small" onClick={() => change(split(notes, selected))}>
          {t("tune.split")}
        </button>
        <button
          type="button"
          className="button small"
          disabled={notes.length <= 3}
          onClick={() => change(without(notes, selected))}
        >
          {t("tune.remove")}
        </button>
        <button type="button" className="button small" disabled={undoable.length === 0} onClick={undo}>
          {t("tune.undo")}
        </button>
      </div>
      <p className="quiet">{t("tune.hint")}</p>
    </div>
  );
}
