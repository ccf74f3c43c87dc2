import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components/Tabs";
import { useTranslation } from "react-i18next";

import { Private } from "../components/Account";
import { Sure } from "../components/Ask";
import { Loading, Page, Trouble } from "../components/parts";
import { type Item, NAMES, Row, type Shelf, SHELVES, useShelf } from "../components/shelves";

export function Library() {
  return (
    <Private>
      <Shelves />
    </Private>
  );
}

function Shelves() {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState("");
  return (
    <Page title={t("library.title")}>
      <label className="search">
        {t("library.search")}
        <input type="search" value={wanted} onChange={(event) => setWanted(event.target.value)} />
      </label>
      <Tabs>
        <TabList className="tabs" aria-label={t("library.title")}>
          {NAMES.map((shelf) => (
            <Tab key={shelf} id={shelf} className="tab">
              {t(`library.${shelf}`)}
            </Tab>
          ))}
        </TabList>
        {NAMES.map((shelf) => (
          <TabPanel key={shelf} id={shelf}>
            <Items shelf={shelf} wanted={wanted} />
          </TabPanel>
        ))}
      </Tabs>
    </Page>
  );
}

function Items({ shelf, wanted }: { shelf: Shelf; wanted: string }) {
  const { t } = useTranslation();
  const items = useShelf(shelf);
  const found = items.data?.filter(({ title }) => title.toLowerCase().includes(wanted.trim().toLowerCase()));
  return (
    <>
      {items.isPending && <Loading />}
      <Trouble error={items.error} onRetry={() => void items.refetch()} />
      {found?.length === 0 && <p className="quiet">{t("library.none")}</p>}
      <ul className="list">
        {found?.map((item) => (
          <Row key={item.id} item={item}>
            <Remove item={item} />
          </Row>
        ))}
      </ul>
    </>
  );
}

function Remove({ item }: { item: Item }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => SHELVES[item.shelf].remove(item.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["shelf", item.shelf] }),
  });
  return (
    <Sure
      action={t("library.remove")}
      of={item.title}
      question={t("library.removeSure", { title: item.title })}
      work={remove}
    />
  );
}
