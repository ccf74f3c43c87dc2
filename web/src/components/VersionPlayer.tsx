// One player for several versions of one sound: songs A and B, before and after.

import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

import { type PlayerState, SwitchPlayer, united, type Version } from "../audio/switch-player";
import { outline } from "../audio/waveform";
import { clock } from "./format";

interface Props {
  versions: readonly Version[];
  first?: number;
  onHeard?: (version: number) => void;
}

export function VersionPlayer({ versions, first = 0, onHeard }: Props) {
  const { t } = useTranslation();
  // Signed addresses change with every answer of the API; what they lead to does not.
  const identity = versions.map(({ label, url }) => `${label} ${url.split("?", 1).join("")}`).join(" ");
  const player = useMemo(() => new SwitchPlayer(versions, first), [identity]); // eslint-disable-line react-hooks/exhaustive-deps
  const state = useSyncExternalStore(player.subscribe, player.snapshot);

  useEffect(() => {
    const stop = new AbortController();
    void painted().then(() => {
      if (!stop.signal.aborted) void player.load(stop.signal);
    });
    return () => {
      stop.abort();
      player.close();
    };
  }, [player]);

  useEffect(() => player.renew(versions));

  function hear(version: number) {
    player.listenTo(version);
    onHeard?.(version);
  }

  const regions = united(state.regions.map(({ startS, endS }) => [startS, endS]));

  function hint(): string {
    if (!state.ready) return t("player.loading");
    if (!versions[state.heard]?.regions) return t("player.switchHint");
    const [from, to] =
      regions.find(([startS, endS]) => startS <= state.positionS && state.positionS < endS) ?? [];
    if (from !== undefined && to !== undefined)
      return t("player.region", { from: clock(from), to: clock(to) });
    return t(state.regionsFailed ? "player.regionFailed" : "player.regionWaiting");
  }

  if (state.failed) {
    return (
      <p className="trouble" role="alert">
        {t("player.unplayable")}
      </p>
    );
  }
  return (
    <div className="versions" data-ready={state.ready}>
      <div className="versions-row">
        <button
          type="button"
          className="play"
          disabled={!state.ready}
          aria-label={t(state.playing ? "player.pause" : "player.play")}
          onClick={() => (state.playing ? player.pause() : void player.play())}
        >
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d={state.playing ? "M7 5h4v14H7zM13 5h4v14h-4z" : "M8 4.500v15l12-7.500z"} />
          </svg>
        </button>
        <div className="segmented" role="group" aria-label={t("player.listenTo")}>
          {versions.map(({ label }, version) => (
            <button
              key={label}
              type="button"
              aria-pressed={version === state.heard}
              className={`segment tone-${versions[version]?.tone ?? version}`}
              onClick={() => hear(version)}
            >
              {label}
            </button>
          ))}
        </div>
        <span className="time">
          {clock(state.positionS)} / {state.ready ? clock(state.durationS) : "–:––"}
        </span>
      </div>
      <div className={`wave tone-${versions[state.heard]?.tone ?? state.heard}`}>
        <Waveform
          buffer={state.ready ? player.buffer(state.heard) : undefined}
          loudness={state.ready ? versions[state.heard]?.loudness : undefined}
          played={state.durationS ? state.positionS / state.durationS : 0}
        />
        {regions.map(([startS, endS]) => (
          <span
            key={startS}
            className="wave-region"
            style={{ left: share(startS, state), width: share(endS - startS, state) }}
          />
        ))}
        <input
          type="range"
          min={0}
          max={state.durationS || 1}
          step={0.1}
          value={state.positionS}
          disabled={!state.ready}
          aria-label={t("player.position")}
          aria-valuetext={clock(state.positionS)}
          onChange={(event) => player.seek(event.target.valueAsNumber)}
        />
      </div>
      <p className="quiet" data-regions={versions[state.heard]?.regions && regionState(state)}>
        {hint()}
      </p>
    </div>
  );
}

/** When what can be seen is seen: sounds, far larger, would keep a slow line from it. */
async function painted(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve)); // what is shown beside this is in the page by then
  const pictures = [...document.images].filter(({ loading }) => loading !== "lazy");
  const all = Promise.allSettled(pictures.map((picture) => picture.decode()));
  await Promise.race([all, new Promise((resolve) => setTimeout(resolve, PICTURES_MS))]);
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

const share = (lengthS: number, { durationS }: PlayerState): string =>
  `${(100 * lengthS) / (durationS || 1)}%`;

/** For whoever looks from outside: whether all stages are heard here. */
function regionState({ regions, waiting, regionsFailed }: PlayerState): string {
  if (waiting) return "waiting";
  return regionsFailed ? "failed" : regions.length > 0 ? "ready" : "none";
}

const BAR_PX = 4;
const PICTURES_MS = 2000; // sounds wait no longer for pictures

interface Picture {
  buffer: AudioBuffer | undefined;
  loudness: Version["loudness"];
  played: number;
}

function Waveform({ buffer, loudness, played }: Picture) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const bars = useMemo(() => {
    if (!buffer) return (loudness ?? []).map((lufs) => ({ mean: lufs === null ? 0 : 10 ** (lufs / 20) }));
    const channels = Array.from({ length: buffer.numberOfChannels }, (_, channel) =>
      buffer.getChannelData(channel),
    );
    return outline(channels, 240);
  }, [buffer, loudness]);

  useEffect(() => {
    const surface = canvas.current;
    const pixels = surface?.getContext("2d");
    if (!surface || !pixels) return;
    const { width, height } = surface.getBoundingClientRect();
    const scale = window.devicePixelRatio || 1;
    if (surface.width !== Math.round(width * scale)) {
      surface.width = Math.round(width * scale);
      surface.height = Math.round(height * scale);
    }
    pixels.setTransform(scale, 0, 0, scale, 0, 0);
    pixels.clearRect(0, 0, width, height);
    const style = getComputedStyle(surface);
    const count = Math.floor(width / BAR_PX);
    const loudest = Math.max(...bars.map(({ mean }) => mean), 1e-6);
    for (let at = 0; at < count; at += 1) {
      const bar = bars[Math.floor((at * bars.length) / count)];
      const tall = bar ? Math.max(3, (bar.mean / loudest) * (height - 6)) : 3;
      pixels.fillStyle = style.getPropertyValue(at / count < played ? "--tone" : "--wave");
      pixels.beginPath();
      pixels.roundRect(at * BAR_PX, (height - tall) / 2, BAR_PX - 1.5, tall, 1.25);
      pixels.fill();
    }
  }, [bars, played]);
  return <canvas ref={canvas} aria-hidden="true" />;
}
