// Files go from the browser to the bucket; the API only signs the way. Large ones go in parts, and go on where they
// stopped, even after the browser was closed: it is enough to choose the same file again.

import { api, ApiError, body, partly } from "./client";
import { pause } from "./connection";

const IN_PARTS_BYTES = 16 * 1024 * 1024;
const AT_ONCE = 3;
const TRIES = 7; // a network that is away for a minute

/** Sends a file; its id, at once usable in an order. `tell` hears fractions from 0 to 1. */
export async function upload(file: File, tell: (sent: number) => void): Promise<string> {
  return file.size > IN_PARTS_BYTES ? inParts(file, tell) : inOnePiece(file, tell);
}

function announce(file: File, method: "PUT" | "multipart") {
  const content_type = file.type || "application/octet-stream";
  const said = { file_name: file.name || "recording", content_type, size_bytes: file.size, method };
  return body(api.POST("/v1/uploads", { body: partly("UploadRequest", said) }));
}

async function inOnePiece(file: File, tell: (sent: number) => void): Promise<string> {
  const made = await announce(file, "PUT");
  if (!made.request) throw new ApiError(0, "INTERNAL", "");
  const { url, headers } = made.request;
  await patiently(() => send(url, headers, file, (bytes) => tell(bytes / file.size)));
  return made.asset.asset_id;
}

interface Begun {
  assetId: string;
  partBytes: number;
  partCount: number;
}

async function inParts(file: File, tell: (sent: number) => void): Promise<string> {
  const key = `soundstage.upload.${file.name}.${file.size}.${file.lastModified}`;
  const begun = JSON.parse(localStorage.getItem(key) ?? "null") as Begun | null;
  const known = begun && (await arrived(begun.assetId));
  const { assetId, partBytes, partCount } = begun && known ? begun : await begin(file);
  localStorage.setItem(key, JSON.stringify({ assetId, partBytes, partCount }));
  const sent = new Map<number, number>((known ?? []).map(({ number, size_bytes }) => [number, size_bytes]));
  const waiting = Array.from({ length: partCount }, (_, at) => at + 1).filter((number) => !sent.has(number));
  const say = (): void => tell([...sent.values()].reduce((sum, bytes) => sum + bytes, 0) / file.size);

  async function work(): Promise<void> {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
      const part = number;
      const piece = file.slice((part - 1) * partBytes, part * partBytes);
      await patiently(async () => {
        const params = { path: { asset_id: assetId } };
        const signed = await body(
          api.POST("/v1/uploads/{asset_id}/parts", { params, body: { numbers: [part] } }),
        );
        await send(signed.parts[0]?.url ?? "", {}, piece, (bytes) => {
          sent.set(part, bytes);
          say();
        });
      });
      sent.set(part, piece.size);
      say();
    }
  }

  say();
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await patiently(() =>
    body(api.POST("/v1/uploads/{asset_id}/complete", { params: { path: { asset_id: assetId } } })),
  );
  localStorage.removeItem(key);
  return assetId;
}

async function begin(file: File): Promise<Begun> {
  const { asset, multipart } = await announce(file, "multipart");
  if (!multipart) throw new ApiError(0, "INTERNAL", "");
  return { assetId: asset.asset_id, partBytes: multipart.part_bytes, partCount: multipart.part_count };
}

/** What has arrived of an upload; null where it is no more. */
async function arrived(assetId: string) {
  try {
    return (await body(api.GET("/v1/uploads/{asset_id}/parts", { params: { path: { asset_id: assetId } } })))
      .parts;
  } catch (error) {
    if (error instanceof ApiError && !error.passing) return null;
    throw error;
  }
}

/** Again after a lost connection, ever more slowly; what was refused stays refused. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let missed = 1; ; missed += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiError) || !error.passing || missed === TRIES) throw error;
      await pause(1000 * 2 ** (missed - 1));
    }
  }
}

function send(
  url: string,
  headers: Record<string, string>,
  piece: Blob,
  tell: (sentBytes: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch does not tell how much has gone
    request.open("PUT", url);
    for (const [name, value] of Object.entries(headers)) {
      if (name.toLowerCase() !== "content-length") request.setRequestHeader(name, value); // that one is the browser's
    }
    request.upload.onprogress = (event) => tell(event.loaded);
    request.onload = () => {
      if (request.status < 300) resolve();
      else reject(new ApiError(request.status, "UPLOAD_REFUSED", ""));
    };
    request.onerror = () => reject(new ApiError(0, "OFFLINE", ""));
    request.send(piece);
  });
}
