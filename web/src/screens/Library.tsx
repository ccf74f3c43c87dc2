import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { DialogTrigger } from "react-aria-components/Dialog";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components/Tabs";
import { useTranslation } from "react-i18next";

import { api, body } from "../api/client";
import { Private } from "../components/Account";
import { Ask, Sure } from "../components/Ask";
import { megabytes } from "../components/format";
import { Page, Trouble } from "../components/parts";
import { Empty, Waiting } from "../components/states";
import { type Item, NAMES, Row, type Shelf, SHELVES, useShelf } from "../components/shelves";
import { AllShares } from "./library/AllShares";

export function Library() {
  return (
    <Private>
      <Shelves />
    </Private>
  );
}

const STATES = ["all", "ready", "making", "failed"] as const;
type State = (typeof STATES)[number];

function Shelves() {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState("");
  const [state, setState] = useState<State>("all");
  const clear = () => {
    setWanted("");
    setState("all");
  };
  return (
    <Page title={t("library.title")} text={useRoom()} wide>
      <div className="filters">
        <label>
          {t("library.search")}
          <input type="search" value={wanted} onChange={(event) => setWanted(event.target.value)} />
        </label>
        <label>
          {t("library.state")}
          <select value={state} onChange={(event) => setState(event.target.value as State)}>
            {STATES.map((name) => (
              <option key={name} value={name}>
                {t(`library.states.${name}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Tabs>
        <TabList className="tabs" aria-label={t("library.title")}>
          {NAMES.map((shelf) => (
            <Tab key={shelf} id={shelf} className="tab">
              {t(`library.${shelf}`)}
            </Tab>
          ))}
          <Tab id="shares" className="tab">
            {t("library.shares")}
          </Tab>
        </TabList>
        {NAMES.map((shelf) => (
          <TabPanel key={shelf} id={shelf}>
            <Items shelf={shelf} wanted={wanted} state={state} onClear={clear} />
          </TabPanel>
        ))}
        <TabPanel id="shares">
          <AllShares wanted={wanted} />
        </TabPanel>
      </Tabs>
    </Page>
  );
}

/** How much of the plan's storage is used. */
function useRoom(): string | undefined {
  const { t } = useTranslation();
  const usage = useQuery({ queryKey: ["usage"], queryFn: () => body(api.GET("/v1/usage")) });
  if (!usage.data) return undefined;
  const { storage_bytes, plan } = usage.data;
  return t("library.room", { used: megabytes(storage_bytes), most: megabytes(plan.storage_bytes) });
}

function stateOf({ status }: Item): State {
  if (status === "failed" || status === "canceled") return "failed";
  return status === "generating" || status === "matching" || status === "writing" ? "making" : "ready";
}

/** Where each shelf's things are made. */
const DOORS = {
  songs: ["hum", "/hum", "home.hum"],
  matches: ["match", "/match", "home.match"],
  films: ["film", "/film", "home.film"],
} as const;

interface ItemsProps {
  shelf: Shelf;
  wanted: string;
  state: State;
  onClear: () => void;
}

function Items({ shelf, wanted, state, onClear }: ItemsProps) {
  const { t } = useTranslation();
  const shelved = useShelf(shelf);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const needle = wanted.trim().toLowerCase();
  const found = shelved.items?.filter(
    (item) => item.title.toLowerCase().includes(needle) && (state === "all" || stateOf(item) === state),
  );
  // What is not seen is not deleted.
  const marked = found?.filter(({ id }) => chosen.has(id)) ?? [];
  const mark = (ids: string[], on: boolean) =>
    setChosen((before) => {
      const after = new Set(before);
      ids.forEach((id) => (on ? after.add(id) : after.delete(id)));
      return after;
    });
  return (
    <>
      <Waiting of={shelved} />
      {found?.length === 0 &&
        (shelved.items?.length === 0 ? (
          <Empty
            icon={DOORS[shelf][0]}
            title={t(`library.empty.${shelf}`)}
            text={t(`library.emptyText.${shelf}`)}
          >
            <Link to={DOORS[shelf][1]} className="button primary">
              {t(DOORS[shelf][2])}
            </Link>
          </Empty>
        ) : (
          <Empty icon="search" title={t("library.noneFound")} text={t("library.noneFoundText")}>
            <button type="button" className="button" onClick={onClear}>
              {t("library.clear")}
            </button>
          </Empty>
        ))}
      {found && found.length > 1 && (
        <div className="bulk">
          <label>
            <input
              type="checkbox"
              checked={marked.length === found.length}
              onChange={({ target }) =>
                mark(
                  found.map(({ id }) => id),
                  target.checked,
                )
              }
            />
            {t("library.markAll", { count: found.length })}
          </label>
          {marked.length > 0 && <RemoveAll items={marked} onDone={() => setChosen(new Set())} />}
        </div>
      )}
      <ul className="list">
        {found?.map((item) => (
          <Row
            key={item.id}
            item={item}
            before={
              found.length > 1 && (
                <input
                  type="checkbox"
                  aria-label={t("library.mark", { title: item.title })}
                  checked={chosen.has(item.id)}
                  onChange={({ target }) => mark([item.id], target.checked)}
                />
              )
            }
          >
            <Rename item={item} />
            <Remove item={item} />
          </Row>
        ))}
      </ul>
      {shelved.hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={shelved.isFetchingNextPage}
          onClick={() => void shelved.fetchNextPage()}
        >
          {t("library.more")}
        </button>
      )}
    </>
  );
}

function Rename({ item }: { item: Item }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const rename = useMutation({
    mutationFn: async (title: string) => {
      await SHELVES[item.shelf].rename(item.id, title);
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["shelf", item.shelf] }),
  });
  return (
    <DialogTrigger>
      <Button className="button small" aria-label={`${t("library.rename")}: ${item.title}`}>
        {t("library.rename")}
      </Button>
      <Ask title={t("library.rename")}>
        {(close) => (
          <form
            className="form"
            onSubmit={(event) => {
              event.preventDefault();
              const title = new FormData(event.currentTarget).get("title");
              if (typeof title === "string" && title.trim()) rename.mutate(title, { onSuccess: close });
            }}
          >
            <label>
              {t("library.name")}
              <input name="title" defaultValue={item.title} maxLength={200} required />
            </label>
            <Trouble error={rename.error} />
            <div className="actions">
              <button type="submit" className="button primary" disabled={rename.isPending}>
                {t("library.rename")}
              </button>
              <Button className="button" onPress={close}>
                {t("library.leave")}
              </Button>
            </div>
          </form>
        )}
      </Ask>
    </DialogTrigger>
  );
}

function Remove({ item }: { item: Item }) {
  const { t } = useTranslation();
  return (
    <Sure
      action={t("library.remove")}
      of={item.title}
      question={t("library.removeSure", { title: item.title })}
      work={useRemoval([item])}
    />
  );
}

function RemoveAll({ items, onDone }: { items: Item[]; onDone: () => void }) {
  const { t } = useTranslation();
  const count = items.length;
  return (
    <Sure
      action={t("library.removeAll", { count })}
      of={t("library.title")}
      question={t("library.removeAllSure", { count })}
      work={useRemoval(items, onDone)}
    >
      <p className="quiet titles">{items.map(({ title }) => title).join(", ")}</p>
    </Sure>
  );
}

/** One after the other: what went wrong half-way is said, and what is gone is gone from the list. */
function useRemoval(items: Item[], onDone?: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      for (const { shelf, id } of items) await SHELVES[shelf].remove(id);
    },
    onSuccess: () => onDone?.(),
    onSettled: async () => {
      const shelves = new Set(items.map(({ shelf }) => shelf));
      await Promise.all(
        [...shelves].map((shelf) => queries.invalidateQueries({ queryKey: ["shelf", shelf] })),
      );
      await queries.invalidateQueries({ queryKey: ["usage"] });
    },
  });
}
