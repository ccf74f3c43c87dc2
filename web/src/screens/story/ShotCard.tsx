import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { Menu, MenuItem, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { useTranslation } from "react-i18next";

import { api, body, partly, type Schemas } from "../../api/client";
import { causeOf, Trouble } from "../../components/parts";

type Shot = Schemas["ShotView"];

interface Props {
  shot: Shot;
  projectId: string;
  /** The ids of all shots in their order. */
  order: string[];
}

const ACTIONS = ["earlier", "later", "make", "split", "merge", "duplicate", "lock", "remove"] as const;
type Action = (typeof ACTIONS)[number];

export function ShotCard({ shot, projectId, order }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<string | null>(null);
  const params = { path: { shot_id: shot.shot_id } };
  const refresh = () => queries.invalidateQueries({ queryKey: ["project", projectId] });
  const at = order.indexOf(shot.shot_id);

  const change = useMutation({
    mutationFn: (narration: string) =>
      body(api.PATCH("/v1/shots/{shot_id}", { params, body: partly("ShotChange", { narration }) })),
    onSuccess: async () => {
      setDraft(null);
      await refresh();
    },
  });
  const act = useMutation({ mutationFn: perform, onSettled: refresh });

  async function perform(action: Action): Promise<unknown> {
    switch (action) {
      case "earlier":
      case "later": {
        const moved = order.filter((id) => id !== shot.shot_id);
        moved.splice(action === "earlier" ? at - 1 : at + 1, 0, shot.shot_id);
        const path = { project_id: projectId };
        return body(
          api.POST("/v1/projects/{project_id}/shots/order", { params: { path }, body: { order: moved } }),
        );
      }
      case "make":
        return body(api.POST("/v1/shots/{shot_id}/make", { params }));
      case "split":
        return body(api.POST("/v1/shots/{shot_id}/split", { params, body: { at: middle(shot.narration) } }));
      case "merge":
        return body(api.POST("/v1/shots/{shot_id}/merge", { params }));
      case "duplicate":
        return body(api.POST("/v1/shots/{shot_id}/duplicate", { params }));
      case "lock":
        return body(
          api.PATCH("/v1/shots/{shot_id}", { params, body: partly("ShotChange", { locked: !shot.locked }) }),
        );
      case "remove":
        return body(api.DELETE("/v1/shots/{shot_id}", { params }));
    }
  }

  const impossible = new Set<Action>([
    ...(at === 0 ? (["earlier"] as const) : []),
    ...(at === order.length - 1 ? (["later", "merge"] as const) : []),
    ...(middle(shot.narration) === 0 ? (["split"] as const) : []),
    ...(shot.locked ? (["make", "split", "merge", "remove"] as const) : []),
    ...(order.length === 1 ? (["remove"] as const) : []),
  ]);
  const stale = shot.picture_state === "stale" || shot.speech_state === "stale";
  const name = t("film.shot", { number: shot.number });
  return (
    <li className="card shot">
      <div className={`shot-picture${shot.status === "making" ? " making" : ""}`}>
        {shot.picture_url && <img src={shot.picture_url} alt={shot.prompt} loading="lazy" />}
        <span className="shot-number">
          {shot.number}
          {shot.locked && ` · ${t("film.locked")}`}
        </span>
      </div>
      {draft === null ? (
        <>
          <p className="shot-words">{shot.narration}</p>
          {stale && <p className="quiet">{t("film.stale")}</p>}
          {shot.error && <p className="trouble">{causeOf(shot.error)}</p>}
          <Trouble error={act.error} />
          {shot.speech_url && (
            // eslint-disable-next-line jsx-a11y/media-has-caption -- its words stand above
            <audio
              controls
              preload="none"
              src={shot.speech_url}
              aria-label={`${t("film.narration")}: ${name}`}
            />
          )}
          <div className="actions">
            <button
              type="button"
              className="button small"
              disabled={shot.locked}
              onClick={() => setDraft(shot.narration)}
              aria-label={`${t("film.change")}: ${name}`}
            >
              {t("film.change")}
            </button>
            <MenuTrigger>
              <Button
                className="button small"
                isDisabled={act.isPending}
                aria-label={`${t("film.actions")}: ${name}`}
              >
                ⋯
              </Button>
              <Popover className="popover">
                <Menu
                  className="menu"
                  disabledKeys={impossible}
                  onAction={(action) => act.mutate(action as Action)}
                >
                  {ACTIONS.map((action) => (
                    <MenuItem key={action} id={action} className="menu-item">
                      {t(`film.act.${action === "lock" && shot.locked ? "unlock" : action}`)}
                    </MenuItem>
                  ))}
                </Menu>
              </Popover>
            </MenuTrigger>
          </div>
        </>
      ) : (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            change.mutate(draft);
          }}
        >
          <label>
            {t("film.narration")}
            <textarea rows={4} value={draft} onChange={(event) => setDraft(event.target.value)} />
          </label>
          <Trouble error={change.error} />
          <div className="actions">
            <button type="submit" className="button small primary" disabled={change.isPending}>
              {t("film.save")}
            </button>
            <button type="button" className="button small" onClick={() => setDraft(null)}>
              {t("film.cancel")}
            </button>
          </div>
        </form>
      )}
    </li>
  );
}

/** Where a text falls best in two: behind the sentence, else the clause, that ends nearest to its middle; 0 for nowhere. */
export function middle(text: string): number {
  const half = text.length / 2;
  const nearest = (ends: RegExp): number =>
    [...text.matchAll(ends)]
      .map((end) => end.index + end[0].length)
      .filter((end) => text.slice(end).trim())
      .reduce((best, end) => (Math.abs(end - half) < Math.abs(best - half) ? end : best), 0);
  return nearest(/[.!?。！？…]+["'”’」』]?/g) || nearest(/[,;:，；：、]/g);
}
