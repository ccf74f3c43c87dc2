// Recording with a count-in, a level that can be seen, and a word on how it is heard.

import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { CannotRecord, type Level, type Obstacle, record, type Take } from "../audio/recorder";
import { clock } from "./format";

const COUNT_IN_S = 3;
const QUIET = 0.35;
const RECENT = 90; // of 60 a second
const SHOWN = 400; // more bars than a card is wide

export function Recorder({ onTake }: { onTake: (file: File) => void }) {
  const { t } = useTranslation();
  const [phase, setPhase] = useState<"idle" | "asking" | "counting" | "recording">("idle");
  const [count, setCount] = useState(COUNT_IN_S);
  const [obstacle, setObstacle] = useState<Obstacle | null>(null);
  const [levels, setLevels] = useState<Level[]>([]);
  const take = useRef<Take | null>(null);
  const gone = useRef(new AbortController());

  useEffect(() => {
    const leaving = (gone.current = new AbortController());
    return () => {
      leaving.abort();
      take.current?.drop();
    };
  }, []);

  async function start() {
    const { signal } = gone.current;
    setPhase("asking");
    setLevels([]);
    try {
      // The permission first: its question must not fall into the count.
      (await navigator.mediaDevices.getUserMedia({ audio: true }))
        .getTracks()
        .forEach((track) => track.stop());
    } catch {
      // record() says why
    }
    setPhase("counting");
    for (let left = COUNT_IN_S; left > 0; left -= 1) {
      setCount(left);
      await new Promise((resolve) => setTimeout(resolve, 700));
      if (signal.aborted) return;
    }
    try {
      take.current = await record((now) => setLevels((before) => [...before.slice(-SHOWN), now]), signal);
    } catch (error) {
      setObstacle(error instanceof CannotRecord ? error.obstacle : "unusable");
      setPhase("idle");
      return;
    }
    setPhase("recording");
    const file = await take.current.file;
    take.current = null;
    setPhase("idle");
    if (file) onTake(file);
  }

  const level = levels.at(-1);
  const recent = levels.slice(-RECENT);
  const heard = recent.some(({ clipped }) => clipped)
    ? "loud"
    : recent.some(({ loudness }) => loudness > QUIET)
      ? "good"
      : "quiet";
  const hint = {
    idle: "",
    asking: t("hum.starting"),
    counting: t("hum.countIn", { count }),
    recording: level && level.elapsedS > 1.5 ? t(`hum.${heard}`) : "",
  }[phase];

  if (obstacle) return <p className="notice">{t(`hum.${obstacle}`)}</p>;
  return (
    <div className={`recorder ${phase}`}>
      <Meter levels={levels} label={t("hum.level")} now={level?.loudness ?? 0} />
      <div className="recorder-row">
        <span className="time">{clock(level?.elapsedS ?? 0)}</span>
        <span className="quiet" aria-live="polite">
          {hint}
        </span>
      </div>
      <button
        type="button"
        className="button record"
        aria-disabled={phase === "asking" || phase === "counting"} // a disabled one would lose the focus
        onClick={() => {
          if (phase === "recording") take.current?.stop();
          else if (phase === "idle") void start();
        }}
      >
        <span className="dot" />
        {t(phase === "recording" ? "hum.stop" : "hum.record")}
      </button>
    </div>
  );
}

const STEP_PX = 5;

function Meter({ levels, label, now }: { levels: Level[]; label: string; now: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const surface = canvas.current;
    const pixels = surface?.getContext("2d");
    if (!surface || !pixels) return;
    const { width, height } = surface.getBoundingClientRect();
    const scale = window.devicePixelRatio || 1;
    surface.width = width * scale;
    surface.height = height * scale;
    pixels.scale(scale, scale);
    pixels.fillStyle = getComputedStyle(surface).getPropertyValue("--tone");
    levels.slice(-Math.floor(width / STEP_PX)).forEach(({ loudness, clipped }, at) => {
      const tall = Math.max(2, loudness * (height - 12));
      pixels.globalAlpha = clipped ? 1 : 0.35 + 0.65 * loudness;
      pixels.fillRect(at * STEP_PX + 1, (height - tall) / 2, STEP_PX - 2, tall);
    });
  });
  return (
    <div
      className="meter tone-1"
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(now * 100)}
    >
      <canvas ref={canvas} aria-hidden="true" />
    </div>
  );
}
