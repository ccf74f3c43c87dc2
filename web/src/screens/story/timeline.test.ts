import { expect, test } from "vitest";

import { tracksOf } from "./timeline";

const shot = (id: string, number: number, mood: "calm" | "tense") =>
  ({ id, number, title: "", narration: "", setting: { mood } }) as Parameters<typeof tracksOf>[2][number];
const SHOTS = [shot("s1", 1, "calm"), shot("s2", 2, "tense")];
const FILM = {
  fps: 24,
  timings: [
    { shot: "title", first_frame: 0, frames: 48, speech_start_s: null },
    { shot: "s1", first_frame: 48, frames: 72, speech_start_s: 2.25 },
    { shot: "s2", first_frame: 120, frames: 24, speech_start_s: 5.2 },
    { shot: "credits", first_frame: 144, frames: 48, speech_start_s: null },
  ],
  parts: [
    { part: "music", provider: "embedded", fingerprint: "", reused: false, seconds: 0, usd: 0, note: null },
  ],
};
const RESULT = {
  cues: [
    {
      start_s: 2.25,
      end_s: 4.5,
      lines: ["Mara lit", "the lamp."],
      words: [{ end_s: 3 }, { end_s: 4 }],
      shot: "s1",
    },
  ],
};

test("narration ends with its last word, or with its shot", () => {
  expect(tracksOf(FILM, RESULT, SHOTS).narration).toEqual([
    { shot: "s1", startS: 2.25, endS: 4 },
    { shot: "s2", startS: 5.2, endS: 6 },
  ]);
});

test("cards sound as their neighbours do", () => {
  expect(tracksOf(FILM, RESULT, SHOTS).music).toEqual([
    { startS: 0, endS: 5, mood: "calm" },
    { startS: 5, endS: 8, mood: "tense" },
  ]);
  expect(tracksOf(FILM, RESULT, []).music).toEqual([{ startS: 0, endS: 8, mood: null }]);
  expect(tracksOf({ ...FILM, parts: [] }, RESULT, SHOTS).music).toEqual([]);
});

test("a card of subtitles is one text", () => {
  expect(tracksOf(FILM, RESULT, SHOTS).subtitles).toEqual([
    { startS: 2.25, endS: 4.5, text: "Mara lit the lamp." },
  ]);
});
