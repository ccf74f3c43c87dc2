// The shell without a network, and files that a phone shares with us. Calls of the API are never kept.
const SHELL = "shell";
const SHARED = "shared";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(["/", "/icon.svg", "/pressable.css"])));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && url.pathname === "/hum") return event.respondWith(take(request));
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && !isOfTheApi(url.pathname)) return event.respondWith(page(request));
  if (url.pathname.startsWith("/assets/")) return event.respondWith(kept(request));
});

const isOfTheApi = (path) => /^\/(v1|s|record|scripts|health|\.well-known)(\/|$)/.test(path);

// The newest page where there is a network, else the last one.
async function page(request) {
  const cache = await caches.open(SHELL);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put("/", answer.clone());
    return answer;
  } catch (error) {
    const known = await cache.match("/");
    if (known) return known;
    throw error;
  }
}

// What is named by its content never changes; what an older page needed goes once there are many.
const MOST = 120;
async function kept(request) {
  const cache = await caches.open(SHELL);
  const known = await cache.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) {
    await cache.put(request, answer.clone());
    const assets = (await cache.keys()).filter(({ url }) => new URL(url).pathname.startsWith("/assets/"));
    for (const old of assets.slice(0, Math.max(0, assets.length - MOST))) await cache.delete(old);
  }
  return answer;
}

// A recording from the phone's share sheet waits for the page that opens.
async function take(request) {
  const file = (await request.formData()).get("recording");
  if (file instanceof File) {
    const headers = { "Content-Type": file.type, "X-File-Name": encodeURIComponent(file.name) };
    await (await caches.open(SHARED)).put("/shared-recording", new Response(file, { headers }));
  }
  return Response.redirect("/hum?shared", 303);
}
