import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";
import { named } from "../messages/i18n";
import { noted } from "../messages/zh-notes";
import { keyName } from "./format";

type Understood = Schemas["Understood"];
type Direction = Schemas["Direction"];

/** What was heard in the hum, what was taken from the prompt, and what was not. */
export function HowItWasUnderstood({
  understood,
  prompt,
}: {
  understood: Understood;
  prompt: string | null | undefined;
}) {
  const { t, i18n } = useTranslation();
  const { key, tempo_bpm: tempo, meter, heard, made, direction } = understood;
  const facts = [
    key && keyName(key, t),
    tempo && t("song.bpm", { value: Math.round(tempo) }),
    meter ?? undefined,
  ].filter(Boolean);
  const taken = direction ? takenFrom(direction, t) : [];
  const notes = [...heard, ...made, ...(direction?.note ? [direction.note] : [])];
  return (
    <section className="card understood" aria-label={t("understood.title")}>
      <h2>{t("understood.title")}</h2>
      <dl className="reading">
        <div>
          <dt>{t("understood.heard")}</dt>
          <dd>{facts.join(" · ")}</dd>
        </div>
        {prompt && direction && (
          <div>
            <dt>{t("understood.prompt", { prompt })}</dt>
            <dd>
              {taken.length > 0 ? (
                <ul className="chips">
                  {taken.map((text) => (
                    <li key={text} className="badge succeeded">
                      {text}
                    </li>
                  ))}
                </ul>
              ) : (
                t("understood.nothing")
              )}
            </dd>
          </div>
        )}
        {prompt && (direction?.not_taken ?? []).length > 0 && (
          <div>
            <dt>{t("understood.left")}</dt>
            <dd>{(direction?.not_taken ?? []).map((text) => `“${text}”`).join(", ")}</dd>
          </div>
        )}
      </dl>
      {notes.length > 0 && (
        <ul className="notes">
          {notes.map((text) => (
            <li key={text}>{noted(text, i18n.language)}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

type Translate = ReturnType<typeof useTranslation>["t"];

function takenFrom(direction: Direction, t: Translate): string[] {
  const near = (name: string, called = named(name)) => {
    const said = Object.keys(direction.nearest).filter((phrase) => direction.nearest[phrase] === name);
    return said.length
      ? t("understood.nearest", { taken: called, said: said.map((it) => `“${it}”`).join(", ") })
      : called;
  };
  const player = (name: string) => near(name, named(name).toLowerCase());
  const { tempo_bpm: tempo, tempo_factor: factor, intro_bars: intro, duration_s: length } = direction;
  const found = [
    direction.style_a && near(direction.style_a),
    direction.style_b && near(direction.style_b),
    direction.mood && named(direction.mood),
    tempo && near(`${Math.round(tempo)} beats a minute`, t("song.bpm", { value: Math.round(tempo) })),
    !tempo && factor && t(factor < 1 ? "understood.slower" : "understood.faster"),
    direction.key_name ?? (direction.key && keyName(direction.key, t)),
    !direction.key && direction.scale && named(direction.scale),
    !direction.key && direction.mode && t(`song.${direction.mode}`),
    direction.meter && near(direction.meter),
    direction.chords.length > 0 && t("understood.chords", { chords: direction.chords.join(" ") }),
    typeof intro === "number" && t("understood.intro", { count: intro }),
    direction.opening && t(`understood.opening.${direction.opening}`),
    typeof direction.bridge === "boolean" &&
      t(direction.bridge ? "understood.bridge" : "understood.no_bridge"),
    direction.ending && t(`understood.ending.${direction.ending}`),
    length && near(`${Math.round(length)} seconds`, t("understood.seconds", { count: Math.round(length) })),
    ...direction.featuring.map((name) => t("understood.featuring", { player: player(name) })),
    direction.only.length > 0 &&
      t("understood.only", {
        players: direction.only.map(player).join(" + "),
      }),
    ...direction.without.map((name) => t("understood.without", { player: player(name) })),
    ...direction.already.map((what) => t(`understood.already.${what}`)),
    ...Object.keys(direction.avoided).map((said) => t("understood.avoided", { said })),
  ];
  return [...new Set(found.filter((text): text is string => typeof text === "string" && text !== ""))];
}
