import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";

import { Queries } from "./queries";

test("a change that is made while a list is first asked for is seen in it", async () => {
  const answers: ((items: string) => void)[] = [];
  function List() {
    const list = useQuery({
      queryKey: ["list"],
      queryFn: () => new Promise<string>((resolve) => answers.push(resolve)),
    });
    return <p>{list.data ?? "loading"}</p>;
  }
  const queries = new Queries();
  render(
    <QueryClientProvider client={queries}>
      <List />
    </QueryClientProvider>,
  );
  const invalidated = queries.invalidateQueries({ queryKey: ["list"] });
  await expect.poll(() => answers.length).toBe(2);
  answers[0]?.("without it");
  answers[1]?.("with it");
  await invalidated;
  expect(await screen.findByText("with it")).toBeTruthy();
});
