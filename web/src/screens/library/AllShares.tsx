// Every link that is open, whatever it shows.

import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, body, type Schemas } from "../../api/client";
import { ago } from "../../components/format";

import { Revoke } from "../../components/Shares";
import { Open } from "../../components/shelves";
import { Empty, Waiting } from "../../components/states";

type Share = Schemas["ListedShare"];
export const ALL_SHARES = ["shares"];

export function AllShares({ wanted }: { wanted: string }) {
  const { t, i18n } = useTranslation();
  const shares = useInfiniteQuery({
    queryKey: [...ALL_SHARES, "all"],
    queryFn: ({ pageParam }) =>
      body(
        api.GET("/v1/shares", {
          params: { query: { open_only: true, limit: 100, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });
  const needle = wanted.trim().toLowerCase();
  const found = shares.data?.pages
    .flatMap(({ items }) => items)
    .filter(({ title }) => title !== null && title.toLowerCase().includes(needle));
  return (
    <>
      <Waiting of={shares} />
      {found?.length === 0 && (
        <Empty icon="link" title={t("library.noShares")} text={t("library.noSharesText")} />
      )}
      <ul className="list">
        {found?.map((share) => (
          <li key={share.share_id} className="row">
            <Shown share={share} />
            <span className="quiet">
              {t("share.visits", { count: share.views })}
              {share.last_viewed_at &&
                `, ${t("share.last", { ago: ago(share.last_viewed_at, i18n.language) })}`}
            </span>
            <span className="quiet">
              {share.expires_at
                ? t("library.expires", { when: ago(share.expires_at, i18n.language) })
                : t("library.unending")}
              {share.has_password && ` · ${t("library.password")}`}
            </span>
            <Revoke id={share.share_id} listKey={ALL_SHARES} made={share.title ?? ""} />
          </li>
        ))}
      </ul>
      {shares.hasNextPage && (
        <button type="button" className="button" onClick={() => void shares.fetchNextPage()}>
          {t("library.more")}
        </button>
      )}
    </>
  );
}

function Shown({ share: { kind, subject_id: id, title } }: { share: Share }) {
  if (kind === "film") return <strong>{title}</strong>; // its page is the story's, which a share does not name
  return <Open item={{ shelf: kind === "track" ? "songs" : "matches", id, title: title ?? "" }} />;
}
