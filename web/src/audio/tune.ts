// Mending a tune: one note at a time, in order, none shorter than can be sung.

import type { Schemas } from "../api/client";

export type Note = Schemas["Note"];

export const SHORTEST_S = 0.06;

export function transposed(notes: readonly Note[], at: number, semitones: number): Note[] {
  return notes.map((note, index) =>
    index === at ? { ...note, midi: Math.min(108, Math.max(24, note.midi + semitones)), cents: 0 } : note,
  );
}

/** With these times for one note, as far as its neighbours let it. */
export function timed(notes: readonly Note[], at: number, onset_s: number, offset_s: number): Note[] {
  const from = notes[at - 1]?.offset_s ?? 0;
  const to = notes[at + 1]?.onset_s ?? Infinity;
  const begins = Math.max(from, Math.min(onset_s, to - SHORTEST_S));
  const ends = Math.min(to, Math.max(offset_s, begins + SHORTEST_S));
  return notes.map((note, index) => (index === at ? { ...note, onset_s: begins, offset_s: ends } : note));
}

/** The note moved whole: its length stays, unless a neighbour is in the way. */
export function shifted(notes: readonly Note[], at: number, seconds: number): Note[] {
  const note = notes[at];
  if (!note) return [...notes];
  const length = note.offset_s - note.onset_s;
  const from = notes[at - 1]?.offset_s ?? 0;
  const to = (notes[at + 1]?.onset_s ?? Infinity) - length;
  const begins = Math.max(from, Math.min(note.onset_s + seconds, to));
  return timed(notes, at, begins, begins + length);
}

export function split(notes: readonly Note[], at: number): Note[] {
  const note = notes[at];
  if (!note || note.offset_s - note.onset_s < 2 * SHORTEST_S) return [...notes];
  const half = (note.onset_s + note.offset_s) / 2;
  return [
    ...notes.slice(0, at),
    { ...note, offset_s: half },
    { ...note, onset_s: half },
    ...notes.slice(at + 1),
  ];
}

export function without(notes: readonly Note[], at: number): Note[] {
  return notes.filter((_, index) => index !== at);
}

/** A new note where there is room for one; null where there is none. */
export function withNote(
  notes: readonly Note[],
  onset_s: number,
  midi: number,
): { notes: Note[]; at: number } | null {
  const at = notes.findIndex((note) => note.onset_s > onset_s);
  const index = at < 0 ? notes.length : at;
  const from = Math.max(onset_s, notes[index - 1]?.offset_s ?? 0);
  const to = Math.min(from + 0.4, notes[index]?.onset_s ?? Infinity);
  if (to - from < SHORTEST_S) return null;
  const note = { onset_s: from, offset_s: to, midi, cents: 0, velocity: 0.7 };
  return { notes: [...notes.slice(0, index), note, ...notes.slice(index)], at: index };
}

/** Plays notes on a plain tone; a function that stops it. */
export function playTune(notes: readonly Note[], onEnd: () => void): () => void {
  const context = new AudioContext();
  const first = notes[0]?.onset_s ?? 0;
  const start = context.currentTime + 0.05 - first;
  let last = start;
  for (const { onset_s, offset_s, midi } of notes) {
    const tone = new OscillatorNode(context, { type: "triangle", frequency: 440 * 2 ** ((midi - 69) / 12) });
    const level = new GainNode(context, { gain: 0 });
    const [on, off] = [start + onset_s, start + offset_s];
    level.gain.setValueAtTime(0, on);
    level.gain.linearRampToValueAtTime(0.3, on + 0.015);
    level.gain.setValueAtTime(0.3, Math.max(on + 0.015, off - 0.03));
    level.gain.linearRampToValueAtTime(0, off);
    tone.connect(level).connect(context.destination);
    tone.start(on);
    tone.stop(off);
    last = off;
  }
  const timer = setTimeout(stop, (last - context.currentTime) * 1000 + 100);
  function stop(): void {
    clearTimeout(timer);
    if (context.state !== "closed") void context.close();
    onEnd();
  }
  return stop;
}
