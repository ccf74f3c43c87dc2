// Files go from the browser to the bucket; the API only signs the way.

import { api, ApiError, body } from "./client";

/** Sends a file; its id, at once usable in an order. `tell` hears fractions from 0 to 1. */
export async function upload(
  file: File,
  tell: (sent: number) => void,
  signal?: AbortSignal,
): Promise<string> {
  const made = await body(
    api.POST("/v1/uploads", {
      body: {
        file_name: file.name || "recording",
        content_type: file.type || "application/octet-stream",
        size_bytes: file.size,
        method: "PUT",
      },
      ...(signal ? { signal } : {}),
    }),
  );
  if (!made.request) throw new ApiError(0, "INTERNAL", "");
  await send(made.request.url, made.request.headers, file, tell, signal);
  return made.asset.asset_id;
}

function send(
  url: string,
  headers: Record<string, string>,
  file: File,
  tell: (sent: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch does not tell how much has gone
    request.open("PUT", url);
    for (const [name, value] of Object.entries(headers)) {
      if (name.toLowerCase() !== "content-length") request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (event) => tell(event.loaded / event.total);
    request.onload = () => {
      if (request.status < 300) resolve();
      else reject(new ApiError(request.status, "UPLOAD_REFUSED", ""));
    };
    request.onerror = () => reject(new ApiError(0, "OFFLINE", ""));
    request.onabort = () => reject(new ApiError(0, "CANCELED", ""));
    signal?.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
