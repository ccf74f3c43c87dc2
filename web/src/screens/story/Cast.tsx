import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, body, partly, type Schemas } from "../../api/client";
import { Trouble } from "../../components/parts";

type Project = Schemas["ProjectView"];

/** Who is in it and what the world has, to be changed; and what leads to what. */
export function Cast({ project }: { project: Project }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { project_id, characters, world } = project;
  const change = useMutation({
    mutationFn: (fields: Pick<Partial<Schemas["ProjectChange"]>, "characters" | "world">) =>
      body(
        api.PATCH("/v1/projects/{project_id}", {
          params: { path: { project_id } },
          body: partly("ProjectChange", fields),
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["project", project_id] }),
  });
  return (
    <>
      <Trouble error={change.error} />
      <div className="pair">
        <section className="card">
          <h2>{t("film.people")}</h2>
          {characters.map((person) => (
            <Entry
              key={person.id}
              name={person.name}
              text={person.identity}
              label={t("film.identity")}
              most={400}
              busy={change.isPending}
              onSave={(name, identity) =>
                change.mutateAsync({
                  characters: characters.map((it) => (it.id === person.id ? { ...it, name, identity } : it)),
                })
              }
            />
          ))}
        </section>
        <section className="card">
          <h2>{t("film.places")}</h2>
          {world.map((entry) => (
            <Entry
              key={entry.id}
              name={entry.title}
              text={entry.content}
              label={t("film.content")}
              most={1000}
              busy={change.isPending}
              onSave={(title, content) =>
                change.mutateAsync({
                  world: world.map((it) => (it.id === entry.id ? { ...it, title, content } : it)),
                })
              }
            />
          ))}
        </section>
      </div>
      <Causes project={project} />
    </>
  );
}

interface EntryProps {
  name: string;
  text: string;
  label: string;
  most: number;
  busy: boolean;
  onSave: (name: string, text: string) => Promise<unknown>;
}

function Entry({ name, text, label, most, busy, onSave }: EntryProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<{ name: string; text: string } | null>(null);
  if (!draft) {
    return (
      <div className="entry">
        <p>
          <strong>{name}</strong> <span className="quiet">{text}</span>
        </p>
        <button
          type="button"
          className="button small"
          aria-label={`${t("film.change")}: ${name}`}
          onClick={() => setDraft({ name, text })}
        >
          {t("film.change")}
        </button>
      </div>
    );
  }
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        void onSave(draft.name, draft.text)
          .then(() => setDraft(null))
          .catch(() => undefined); // told above
      }}
    >
      <label>
        {t("presets.name")}
        <input
          required
          maxLength={80}
          value={draft.name}
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
      </label>
      <label>
        {label}
        <textarea
          rows={3}
          maxLength={most}
          value={draft.text}
          onChange={(event) => setDraft({ ...draft, text: event.target.value })}
        />
      </label>
      <div className="actions">
        <button type="submit" className="button small primary" disabled={busy}>
          {t("film.save")}
        </button>
        <button type="button" className="button small" onClick={() => setDraft(null)}>
          {t("film.cancel")}
        </button>
      </div>
    </form>
  );
}

const STEP = 76;
const MARGIN = 38;

/** Shots in a row, and an arc for each cause: higher, the farther apart. The words stand below. */
function Causes({ project: { chain, shots } }: { project: Project }) {
  const { t } = useTranslation();
  const number = new Map(shots.map((shot) => [shot.id, shot.number]));
  const links = chain.links.flatMap(({ cause, effect, because }) => {
    const from = number.get(cause);
    const to = number.get(effect);
    return from && to ? [{ from, to, because }] : [];
  });
  const widest = Math.max(1, ...links.map(({ from, to }) => Math.abs(to - from)));
  const base = 30 + widest * 20;
  const at = (shot: number): number => MARGIN + (shot - 1) * STEP;
  return (
    <section className="card">
      <h2>{t("film.causes")}</h2>
      <ol className="beats">
        {chain.beats.map(({ phase, name, shots: inIt }) => (
          <li key={`${phase} ${name}`}>
            <strong>{t(`film.phase.${phase}`)}</strong> {name}{" "}
            <span className="quiet">{inIt.flatMap((shot) => number.get(shot) ?? []).join(", ")}</span>
          </li>
        ))}
      </ol>
      {links.length > 0 && (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, by keys as well
        <div className="tune-scroll" tabIndex={0} role="group" aria-label={t("film.causes")}>
          <svg
            className="causes"
            width={MARGIN * 2 + (shots.length - 1) * STEP}
            height={base + 24}
            role="img"
            aria-label={t("film.causesText")}
          >
            {links.map(({ from, to }) => {
              const high = base - 16 - Math.abs(to - from) * 20;
              const [x, y] = [at(from), at(to)];
              return (
                <path
                  key={`${from} ${to}`}
                  className="line line-now"
                  d={`M${x} ${base - 16}C${x} ${high} ${y} ${high} ${y} ${base - 16}m-5 -8l5 8l5 -8`}
                />
              );
            })}
            {shots.map((shot) => (
              <g key={shot.id}>
                <circle cx={at(shot.number)} cy={base} r="16" className="beat" />
                <text x={at(shot.number)} y={base + 5} textAnchor="middle">
                  {shot.number}
                </text>
              </g>
            ))}
          </svg>
        </div>
      )}
      <ul className="notes">
        {links.map(({ from, to, because }) => (
          <li key={`${from} ${to}`}>
            {from} → {to} <span className="quiet">{because}</span>
          </li>
        ))}
        {chain.gaps.map((gap) => (
          <li key={gap} className="quiet">
            {gap}
          </li>
        ))}
      </ul>
    </section>
  );
}
