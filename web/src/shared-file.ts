/** What the service worker took from the phone's share sheet, once. */
export async function sharedFile(): Promise<File | null> {
  if (!("caches" in window)) return null;
  const cache = await caches.open("shared");
  const kept = await cache.match("/shared-recording");
  if (!kept) return null;
  await cache.delete("/shared-recording");
  const name = decodeURIComponent(kept.headers.get("X-File-Name") ?? "recording");
  return new File([await kept.blob()], name, { type: kept.headers.get("Content-Type") ?? "" });
}
