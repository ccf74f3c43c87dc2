// While something runs: the page as it is now, in place of what it was; open sections, focus and scrolling stay.
const EVERY_MS = 1500;

// A link of the graph opens the section that it leads to.
function reveal() {
  const section = location.hash && document.getElementById(location.hash.slice(1));
  if (section instanceof HTMLDetailsElement) {
    section.open = true;
    section.querySelector("summary").focus({ preventScroll: true });
  }
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return true;
  const now = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = document.querySelector("main");
  const open = [...main.querySelectorAll("details[open]")].map((section) => section.id);
  const scrolled = [...main.querySelectorAll(".canvas, .lines, pre")].map((box) => [box.scrollLeft, box.scrollTop]);
  const focused = document.activeElement?.closest("details")?.id;
  if (document.activeElement?.closest("form") || !getSelection().isCollapsed) return true;
  main.innerHTML = now.querySelector("main").innerHTML;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  [...main.querySelectorAll(".canvas, .lines, pre")].forEach((box, place) => {
    [box.scrollLeft, box.scrollTop] = scrolled[place] ?? [0, 0];
  });
  if (focused) document.getElementById(focused)?.querySelector("summary").focus({ preventScroll: true });
  return Boolean(now.querySelector("script[data-live]"));
}

addEventListener("hashchange", reveal);
reveal();
if (document.querySelector("script[data-live]")) {
  const again = () =>
    setTimeout(async () => {
      if (document.hidden || (await refresh().catch(() => true))) again();
    }, EVERY_MS);
  again();
}
