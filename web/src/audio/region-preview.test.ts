import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { OVERLAP_S, REGION_S, RegionPreview } from "./region-preview";
import { united } from "./switch-player";

interface Asked {
  style: string;
  startS: number;
  durationS: number;
  signal: AbortSignal;
  answer: () => void;
  refuse: () => void;
}

const DURATION_S = 60;
let asked: Asked[];
let preview: RegionPreview<string>;
let positionS: number;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  positionS = 20;
  preview = new RegionPreview<string>("first", (style, startS, durationS, signal) => {
    return new Promise((resolve, reject) => {
      const answer = () => resolve({ buffer: { duration: durationS } as AudioBuffer, lufs: -14 });
      asked.push({ style, startS, durationS, signal, answer, refuse: () => reject(new Error("503")) });
    });
  });
  preview.subscribe(() => preview.follow(positionS, DURATION_S)); // as a player does
});

afterEach(() => {
  preview.close();
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(1000);
function last(): Asked {
  const request = asked.at(-1);
  if (!request) throw new Error("nothing was asked for");
  return request;
}
const intervals = () => preview.regions.map(({ startS, endS }) => [startS, endS]);

test("what is listened to is asked for, and what follows before it ends", async () => {
  preview.follow(positionS, DURATION_S);
  preview.follow(positionS, DURATION_S);
  expect(asked).toHaveLength(1);
  last().answer();
  await settle();
  expect(intervals()).toEqual([[19.5, 19.5 + REGION_S]]);

  positionS = 30;
  preview.follow(positionS, DURATION_S);
  last().answer();
  await settle();
  const second = 19.5 + REGION_S - OVERLAP_S;
  expect(intervals()).toEqual([
    [19.5, 19.5 + REGION_S],
    [second, second + REGION_S],
  ]);
  preview.follow(21, DURATION_S);
  expect(asked).toHaveLength(2);
});

test("a slider that moves asks once, when it rests, with what it says then", async () => {
  for (const style of ["a", "b", "c"]) {
    preview.set(style, false);
    preview.follow(positionS, DURATION_S);
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(asked).toHaveLength(0);
  await settle();
  expect(asked.map(({ style }) => style)).toEqual(["c"]);
});

test("what is heard stays until the new is there, unless the browser sounds new at once", async () => {
  preview.follow(positionS, DURATION_S);
  last().answer();
  await settle();
  preview.set("compressed", false);
  await settle();
  expect(preview.regions).toHaveLength(1);
  last().answer();
  await settle();
  expect(preview.regions).toHaveLength(1);

  preview.set("brighter", true);
  expect(preview.regions).toHaveLength(0);
});

test("an answer to what is not wanted any more is not heard", async () => {
  preview.follow(positionS, DURATION_S);
  const first = last();
  preview.set("second", false);
  expect(first.signal.aborted).toBe(true);
  first.answer();
  await settle();
  expect(preview.regions).toHaveLength(0);
  expect(last().style).toBe("second");
});

test("a failure asks no more until something changes", async () => {
  preview.follow(positionS, DURATION_S);
  last().refuse();
  await settle();
  expect([preview.failed, preview.waiting, asked.length]).toEqual([true, false, 1]);
  preview.set("second", false);
  await settle();
  expect([preview.failed, preview.waiting, asked.length]).toEqual([false, true, 2]);
});

test("at the end nothing is asked for beyond it", async () => {
  positionS = 59.8;
  preview.follow(positionS, DURATION_S);
  expect([last().startS, last().durationS]).toEqual([59.3, 1]);
  last().answer();
  await settle();
  expect(intervals()).toEqual([[59.3, 60]]);
  preview.follow(59.99, DURATION_S);
  expect(asked).toHaveLength(1);
});

test("whoever jumps back hears no two regions at once", async () => {
  preview.follow(positionS, DURATION_S);
  last().answer();
  await settle();
  positionS = 15;
  preview.follow(positionS, DURATION_S);
  last().answer();
  await settle();
  expect(intervals()).toEqual([
    [14.5, 19.5 + OVERLAP_S],
    [19.5, 31.5],
  ]);
  expect(asked).toHaveLength(2);
});

test("intervals that overlap are one", () => {
  expect(
    united([
      [0, 2],
      [1, 3],
      [5, 6],
    ]),
  ).toEqual([
    [0, 3],
    [5, 6],
  ]);
});
