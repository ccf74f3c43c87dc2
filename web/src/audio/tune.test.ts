import { expect, test } from "vitest";

import { type Note, SHORTEST_S, shifted, split, timed, transposed, withNote, without } from "./tune";

const note = (onset_s: number, offset_s: number, midi = 60): Note => ({
  onset_s,
  offset_s,
  midi,
  cents: 12,
  velocity: 0.7,
});
const TUNE = [note(0.5, 1), note(1, 1.5, 62), note(2, 3, 64)];
const times = (notes: Note[]) => notes.map(({ onset_s, offset_s }) => [onset_s, offset_s]);

test("a note that is moved is meant: its deviation goes, and the range of voices holds", () => {
  expect(transposed(TUNE, 1, -2)[1]).toMatchObject({ midi: 60, cents: 0 });
  expect(transposed(TUNE, 1, 99)[1]?.midi).toBe(108);
  expect(TUNE[1]?.cents).toBe(12);
});

test("a note keeps between its neighbours and is never too short", () => {
  expect(times(timed(TUNE, 1, 0.2, 9))[1]).toEqual([1, 2]);
  expect(times(timed(TUNE, 1, 1.4, 1.2))[1]).toEqual([1.4, 1.4 + SHORTEST_S]);
  expect(times(timed(TUNE, 2, 5, 6))[2]).toEqual([5, 6]);
});

test("a note that is moved keeps its length", () => {
  expect(times(shifted(TUNE, 1, 9))[1]).toEqual([1.5, 2]);
  expect(times(shifted(TUNE, 0, -9))[0]).toEqual([0, 0.5]);
});

test("a split note sounds as long as before; one too short stays whole", () => {
  expect(times(split(TUNE, 2))).toEqual([
    [0.5, 1],
    [1, 1.5],
    [2, 2.5],
    [2.5, 3],
  ]);
  expect(split([note(0, 0.1)], 0)).toHaveLength(1);
});

test("a note can go, and one can come where there is room", () => {
  expect(times(without(TUNE, 1))).toEqual([
    [0.5, 1],
    [2, 3],
  ]);
  expect(withNote(TUNE, 1.7, 67)).toMatchObject({ at: 2, notes: { length: 4 } });
  expect(times(withNote(TUNE, 1.7, 67)?.notes ?? [])[2]).toEqual([1.7, 2]);
  expect(withNote(TUNE, 1.2, 67)?.notes[2]).toMatchObject({ onset_s: 1.5, offset_s: 1.9 });
  expect(withNote([note(0, 1), note(1, 2)], 0.5, 67)).toBeNull();
});
