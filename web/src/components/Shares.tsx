// Links that anybody may open: made, counted, and taken back.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, body, partly, type Schemas } from "../api/client";
import { Sure } from "./Ask";
import { ago } from "./format";
import { Trouble } from "./parts";

type Kind = Schemas["ShareView"]["kind"];
const WANTED = partly("ShareRequest", {});

/** The calls for each kind of thing; their paths differ, their answers don't. */
const CALLS = {
  track: {
    make: (track_id: string) =>
      body(api.POST("/v1/tracks/{track_id}/share", { params: { path: { track_id } }, body: WANTED })),
    list: (track_id: string) =>
      body(api.GET("/v1/tracks/{track_id}/shares", { params: { path: { track_id } } })),
  },
  match: {
    make: (match_id: string) =>
      body(api.POST("/v1/matches/{match_id}/share", { params: { path: { match_id } }, body: WANTED })),
    list: (match_id: string) =>
      body(api.GET("/v1/matches/{match_id}/shares", { params: { path: { match_id } } })),
  },
  film: {
    make: (film_id: string) =>
      body(api.POST("/v1/films/{film_id}/share", { params: { path: { film_id } }, body: WANTED })),
    list: (film_id: string) => body(api.GET("/v1/films/{film_id}/shares", { params: { path: { film_id } } })),
  },
};

export function Shares({ kind, id }: { kind: Kind; id: string }) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const key = ["shares", kind, id];
  const shares = useQuery({ queryKey: key, queryFn: () => CALLS[kind].list(id) });
  const make = useMutation({
    mutationFn: async () => {
      const { url } = await CALLS[kind].make(id);
      const copied = await navigator.clipboard.writeText(url).then(
        () => true,
        () => false,
      );
      return { url, copied };
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  });
  const now = new Date().toISOString();
  const open = shares.data?.items.filter(
    ({ revoked_at, expires_at }) => !revoked_at && (!expires_at || expires_at > now),
  );
  return (
    <section className="card sharing">
      <button type="button" className="button" disabled={make.isPending} onClick={() => make.mutate()}>
        {t("song.share")}
      </button>
      <p className="quiet" aria-live="polite">
        {make.data ? (
          <>
            {t(make.data.copied ? "song.copied" : "song.shared")} <a href={make.data.url}>{make.data.url}</a>
          </>
        ) : (
          t("share.text")
        )}
      </p>
      <Trouble error={make.error ?? shares.error} />
      {open && open.length > 0 && (
        <ul className="rows">
          {open.map((share) => (
            <li key={share.share_id}>
              <span>
                {t("share.made", { ago: ago(share.created_at, i18n.language) })} ·{" "}
                {t("share.visits", { count: share.views })}
                {share.last_viewed_at &&
                  `, ${t("share.last", { ago: ago(share.last_viewed_at, i18n.language) })}`}
              </span>
              <Revoke id={share.share_id} listKey={key} made={ago(share.created_at, i18n.language)} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

export function Revoke({ id, listKey, made }: { id: string; listKey: string[]; made: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => body(api.DELETE("/v1/shares/{share_id}", { params: { path: { share_id: id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: listKey }),
  });
  return <Sure action={t("share.revoke")} of={made} question={t("share.revokeSure")} work={revoke} />;
}
