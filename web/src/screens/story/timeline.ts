// A finished film on one time axis: its scenes, and beside them what is said, played and written.

import type { Schemas } from "../../api/client";

/** What the timeline reads of film_result, the file behind `result_url`. */
export interface FilmResult {
  cues: { start_s: number; end_s: number; lines: string[]; words: { end_s: number }[]; shot: string }[];
}

type Shot = Pick<Schemas["ShotView"], "id" | "number" | "title" | "narration" | "setting">;
type Mood = Shot["setting"]["mood"];
type Film = Pick<Schemas["FilmView"], "timings" | "parts"> & { fps: number };

export interface Span {
  startS: number;
  endS: number;
}
export interface Scene extends Span {
  /** "title" and "credits" are cards, the others shots. */
  shot: string;
}
export interface Tracks {
  scenes: Scene[];
  narration: Scene[];
  /** `mood`: null where it isn't known. */
  music: (Span & { mood: Mood | null })[];
  subtitles: (Span & { text: string })[];
}

/** `shots`: as they were filmed; empty where they have changed since, or where the music is not written to their moods. */
export function tracksOf(
  { timings, parts, fps }: Film,
  { cues }: FilmResult,
  shots: readonly Shot[],
): Tracks {
  const scenes = timings.map(({ shot, first_frame, frames }) => ({
    shot,
    startS: first_frame / fps,
    endS: (first_frame + frames) / fps,
  }));
  const narration = timings.flatMap(({ shot, speech_start_s }, at) => {
    if (typeof speech_start_s !== "number") return [];
    const spoken = cues
      .filter((cue) => cue.shot === shot)
      .flatMap(({ words }) => words.map((it) => it.end_s));
    const endS = spoken.length > 0 ? Math.max(...spoken) : (scenes[at]?.endS ?? speech_start_s);
    return [{ shot, startS: speech_start_s, endS }];
  });
  return {
    scenes,
    narration,
    music: parts.some(({ part }) => part === "music") ? moodsOf(scenes, shots) : [],
    subtitles: cues.map(({ start_s, end_s, lines }) => ({
      startS: start_s,
      endS: end_s,
      text: lines.join(" "),
    })),
  };
}

/** One stretch of music for as long as the mood stays; cards belong to their neighbours, as the engine scores them. */
function moodsOf(scenes: readonly Scene[], shots: readonly Shot[]): Tracks["music"] {
  const moods = new Map(shots.map(({ id, setting }) => [id, setting.mood]));
  const found: Tracks["music"] = [];
  for (const { shot, startS, endS } of scenes) {
    const mood = moods.get(shot) ?? found.at(-1)?.mood ?? shots[0]?.setting.mood ?? null;
    const last = found.at(-1);
    if (last && last.mood === mood) last.endS = endS;
    else found.push({ startS, endS, mood });
  }
  return found;
}
