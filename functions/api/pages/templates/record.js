"use strict";
// Record or choose a file, sign in, send it, follow the work, hear the songs. Tokens stay in this tab: the access token
// in memory, the refresh token in sessionStorage.

const TEXT = {
  overline: "Two songs from one hum",
  heading: "Hum us a tune",
  summary: "Ten to thirty seconds are plenty. Hum, whistle or sing “la la”, without music behind it.",
  record: "Record",
  stop: "Stop",
  level: "Loudness of your voice",
  speakUp: "We hear very little: come closer",
  tooLoud: "Too loud: step back a little",
  good: "We hear you well",
  starting: "Allow the microphone, please",
  chooseFile: "Choose a recording instead",
  noMicrophone: "We found no microphone here, so choose a recording that you have made elsewhere.",
  refused: "The microphone was not allowed for this page, so choose a recording instead, or allow it in your browser's settings.",
  insecure: "Browsers give the microphone to secure pages (https) only, so choose a recording instead.",
  unusable: "The microphone could not be used, perhaps because another program has it, so choose a recording instead.",
  cannotPlay: "This browser cannot play the file; you can send it all the same.",
  nothing: "Nothing was recorded. Please try again.",
  titleLabel: "Title",
  titleOf: (date) => `Hum of ${date}`,
  promptLabel: "What should it be like? (optional)",
  promptExample: "a slow, dreamy lullaby with harp",
  make: "Make two songs",
  again: "Start over",
  accountHeading: "Whose songs will these be?",
  accountSummary: "Create an account, or sign in to yours. Your recording waits.",
  email: "E-mail address",
  password: "Password",
  passwordRule: "At least 10 characters.",
  register: "Create account",
  logIn: "Sign in",
  logOut: "Sign out",
  workHeading: "Making your songs",
  progress: "How far the work is",
  sending: "Sending your recording",
  blocked: "Looking at the file",
  queued: "Next in line",
  audio_check: "Checking the recording",
  audio_analyze: "Listening for the tune",
  segment_pick: "Choosing the best part",
  compose_params: "Composing",
  music_generate: "Playing and mixing both songs",
  ab_eval: "Comparing them",
  persist: "Putting them on the shelf",
  cancel: "Cancel",
  canceled: "Stopped. Your recording is still here.",
  done: "Your songs are ready",
  recommended: "Recommended",
  recommendation: (label, reason) => `Recommended: ${label}. ${reason}`,
  variant: (label) => `Variant ${label}`,
  play: (label) => `Play variant ${label}`,
  position: (label) => `Position in variant ${label}`,
  cover: (title) => `Cover of ${title}: an abstract picture of the tune`,
  downloadWav: "Download WAV",
  downloadMidi: "MIDI",
  makeVideo: "Make a video",
  drawing: (percent) => `Drawing the video: ${percent} %`,
  downloadVideo: "Download video",
  share: "Make a share link",
  shared: "Anyone with this link can listen, for 30 days:",
  copied: "Copied. Anyone with this link can listen, for 30 days:",
  another: "Another tune",
  offline: "We could not reach Soundstage. Check your connection and try again.",
  trouble: "Something went wrong on our side. Please try again.",
};
const LONGEST_S = 120;
const WAIT_S = 20;
const PATIENCE = 8; // calls in a row without an answer before we say so

const $ = (id) => document.getElementById(id);
const clockText = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function say(root) {
  for (const element of root.querySelectorAll("[data-text]")) element.textContent = TEXT[element.dataset.text];
  for (const element of root.querySelectorAll("[data-label]")) element.setAttribute("aria-label", TEXT[element.dataset.label]);
}

function show(...ids) {
  for (const id of ["capture", "account", "work", "songs"]) $(id).hidden = !ids.includes(id);
  document.querySelector("main > header").hidden = ids.includes("songs");
  $("trouble").textContent = "";
}

// The API

class Refused extends Error {
  constructor(status, body) {
    super(body.message || TEXT.trouble);
    this.status = status;
  }
}

let accessToken = null;
let refreshing = null;

function signedIn(tokens) {
  accessToken = tokens ? tokens.access_token : null;
  if (tokens) sessionStorage.setItem("refresh_token", tokens.refresh_token);
  else sessionStorage.clear();
  $("log-out").hidden = !tokens;
}

async function call(method, path, body, headers = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: {
        ...(body ? { "Content-Type": "application/json" } : {}),
        ...(accessToken ? { Authorization: `Bearer ${accessToken}` } : {}),
        ...headers,
      },
      body: body && JSON.stringify(body),
    });
  } catch {
    throw new Refused(0, { message: TEXT.offline });
  }
  if (answer.ok || answer.status === 304) return answer;
  throw new Refused(answer.status, await answer.json().catch(() => ({})));
}

// A refresh token is good once, so two calls that find the access token expired refresh it together.
function refresh() {
  const body = { refresh_token: sessionStorage.getItem("refresh_token") };
  refreshing ||= call("POST", "/v1/auth/refresh", body)
    .then(async (answer) => signedIn(await answer.json()))
    .catch((error) => {
      if (error.status === 401) signedIn(null);
      throw error;
    })
    .finally(() => (refreshing = null));
  return refreshing;
}

async function api(method, path, body, headers) {
  try {
    return await call(method, path, body, headers);
  } catch (error) {
    if (error.status !== 401 || !sessionStorage.getItem("refresh_token")) throw error;
    await refresh();
    return call(method, path, body, headers);
  }
}

const json = async (...request) => (await api(...request)).json();

// Signing in: asked for when it is needed, with the recording waiting

async function haveAccount() {
  if (!accessToken && sessionStorage.getItem("refresh_token")) {
    await refresh().catch((error) => {
      if (error.status !== 401) throw error;
    });
  }
  if (accessToken) return;
  show("account");
  $("email").focus();
  await new Promise((resolve) => {
    $("credentials").onsubmit = async (event) => {
      event.preventDefault();
      const path = event.submitter && event.submitter.id === "log-in" ? "/v1/auth/login" : "/v1/auth/register";
      const buttons = event.target.querySelectorAll("button");
      $("trouble").textContent = "";
      buttons.forEach((button) => (button.disabled = true));
      try {
        signedIn(await (await call("POST", path, { email: $("email").value, password: $("password").value })).json());
        $("password").value = "";
        resolve();
      } catch (error) {
        $("trouble").textContent = error.message;
      } finally {
        buttons.forEach((button) => (button.disabled = false));
      }
    };
  });
}

// Recording

let recording = null;
let take = null;

const REASONS = { NotFoundError: "noMicrophone", OverconstrainedError: "noMicrophone", NotAllowedError: "refused", SecurityError: "refused" };

function withoutMicrophone(reason) {
  $("microphone").hidden = true;
  $("why").textContent = TEXT[reason];
  $("why").hidden = false;
  $("file").focus();
}

async function startRecording() {
  if (!window.isSecureContext) return withoutMicrophone("insecure");
  if (!navigator.mediaDevices || !window.MediaRecorder) return withoutMicrophone("unusable");
  $("hint").textContent = TEXT.starting;
  $("record").disabled = true;
  let stream;
  try {
    // As it sounds: what cleans up speech takes a hummed tune for noise.
    const wanted = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    stream = await navigator.mediaDevices.getUserMedia({ audio: wanted });
  } catch (error) {
    return withoutMicrophone(REASONS[error.name] || "unusable");
  } finally {
    $("hint").textContent = "";
    $("record").disabled = false;
  }
  const type = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"].find((known) => MediaRecorder.isTypeSupported(known));
  const recorder = new MediaRecorder(stream, type ? { mimeType: type, audioBitsPerSecond: 128000 } : {});
  const chunks = [];
  recorder.ondataavailable = (event) => chunks.push(event.data);
  recorder.onstop = () => {
    const { dropped } = recording;
    recording.meter.close();
    stream.getTracks().forEach((track) => track.stop());
    recording = null;
    document.body.classList.remove("recording");
    $("record-word").textContent = TEXT.record;
    $("hint").textContent = "";
    if (dropped) return;
    const kind = recorder.mimeType.split(";")[0] || "audio/webm";
    const name = `recording.${kind.includes("mp4") ? "m4a" : kind.split("/")[1]}`;
    const file = new File(chunks, name, { type: kind });
    if (file.size) hold(file);
    else $("trouble").textContent = TEXT.nothing;
  };
  recording = { recorder, meter: meter(stream) };
  // A microphone that is unplugged ends the recording, and what was recorded stays.
  stream.getAudioTracks()[0].onended = stopRecording;
  recorder.start(1000);
  document.body.classList.add("recording");
  $("record-word").textContent = TEXT.stop;
  $("trouble").textContent = "";
}

function stopRecording() {
  if (recording && recording.recorder.state !== "inactive") recording.recorder.stop();
}

// Draws how loud it has been, tells how loud it is, counts the time, and stops when it is enough.
function meter(stream) {
  const audio = new AudioContext();
  const analyser = new AnalyserNode(audio, { fftSize: 2048 });
  audio.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const canvas = $("meter").querySelector("canvas");
  const pixels = canvas.getContext("2d");
  const started = performance.now();
  const levels = [];
  let told = 0;
  let frame = requestAnimationFrame(draw);

  function draw(now) {
    analyser.getFloatTimeDomainData(samples);
    const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    const rms = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    const level = Math.max(0, Math.min(1, 1 + (20 * Math.log10(rms + 1e-6)) / 60)); // −60 dBFS … 0 dBFS
    levels.push([level, peak]);
    const seconds = (now - started) / 1000;
    $("elapsed").textContent = clockText(Math.max(0, seconds));
    if (now - told > 500) {
      told = now;
      const lately = levels.slice(-90);
      const hint = lately.some(([, top]) => top > 0.98) ? "tooLoud" : lately.some(([loud]) => loud > 0.35) ? "good" : "speakUp";
      if (seconds > 1.5 && $("hint").textContent !== TEXT[hint]) $("hint").textContent = TEXT[hint];
      $("meter").setAttribute("aria-valuenow", Math.round(level * 100));
    }
    paint();
    if (seconds > LONGEST_S) return stopRecording();
    frame = requestAnimationFrame(draw);
  }

  function paint() {
    const { width, height } = canvas.getBoundingClientRect();
    const scale = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * scale)) [canvas.width, canvas.height] = [width * scale, height * scale];
    pixels.setTransform(scale, 0, 0, scale, 0, 0);
    pixels.clearRect(0, 0, width, height);
    pixels.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--b");
    const step = 5;
    levels.slice(-Math.floor(width / step)).forEach(([loud, top], at) => {
      const tall = Math.max(2, loud * (height - 12));
      pixels.globalAlpha = top > 0.98 ? 1 : 0.35 + 0.65 * loud;
      pixels.fillRect(at * step + 1, (height - tall) / 2, step - 2, tall);
    });
  }

  return {
    close() {
      cancelAnimationFrame(frame);
      audio.close();
      $("meter").setAttribute("aria-valuenow", 0);
    },
  };
}

// A take: something to hear before it is sent. Trying again goes on where the last try ended.

function hold(file) {
  take = { file };
  sendAnew();
  $("preview").src = URL.createObjectURL(file);
  for (const over of [$("microphone"), $("why"), document.querySelector(".alternative")]) over.hidden = true;
  $("take").hidden = false;
  $("prompt").placeholder = TEXT.promptExample;
  $("title").placeholder = TEXT.titleOf(new Date().toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "long" }));
  $("trouble").textContent = "";
  $("preview").focus();
}

// What was sent is of no use, so the next try sends it again, under another key.
function sendAnew() {
  const random = crypto.getRandomValues(new Uint8Array(16));
  take.key = [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  take.assetId = null;
}

function startOver() {
  if (take) URL.revokeObjectURL($("preview").src);
  take = null;
  $("preview").removeAttribute("src");
  $("preview").load();
  $("file").value = "";
  $("title").value = $("prompt").value = "";
  $("elapsed").textContent = "0:00";
  $("take").hidden = true;
  $("microphone").hidden = false;
  $("why").hidden = true;
  document.querySelector(".alternative").hidden = false;
  show("capture");
  $("record").focus();
}

// Making

function report(text, percent) {
  if ($("step").textContent !== text) $("step").textContent = text;
  $("progress").value = percent;
  $("percent").textContent = `${Math.round(percent)} %`;
}

let sending = null;

function send(request, file) {
  return new Promise((resolve, reject) => {
    const upload = (sending = new XMLHttpRequest());
    upload.open(request.method, request.url);
    for (const [name, value] of Object.entries(request.headers)) {
      if (name.toLowerCase() !== "content-length") upload.setRequestHeader(name, value); // that one is the browser's
    }
    upload.upload.onprogress = (event) => report(TEXT.sending, (100 * event.loaded) / event.total);
    upload.onload = () => (upload.status < 300 ? resolve() : reject(new Refused(upload.status, {})));
    upload.onerror = () => reject(new Refused(0, { message: TEXT.offline }));
    upload.onabort = () => reject(new Refused(0, { message: TEXT.canceled }));
    upload.send(file);
  }).finally(() => (sending = null));
}

function device() {
  if (!matchMedia("(pointer: coarse)").matches) return "desktop";
  return Math.min(screen.width, screen.height) < 600 ? "mobile" : "tablet";
}

async function order() {
  const { file, key } = take;
  const title = $("title").value.trim() || $("title").placeholder;
  report(TEXT.sending, 0);
  if (!take.assetId) {
    const announced = { file_name: file.name || "recording", content_type: file.type || "application/octet-stream", size_bytes: file.size };
    const upload = await json("POST", "/v1/uploads", announced, { "Idempotency-Key": key });
    await send(upload.request, file).catch((error) => {
      if (error.status) sendAnew(); // the bucket said no: perhaps the address has expired
      throw error;
    });
    take.assetId = upload.asset.asset_id;
  }
  if (!take.track || take.track.title !== title) {
    take.track = await json("POST", "/v1/tracks", { title, metadata: { platform: "web", device: device() } });
  }
  const trackId = take.track.track_id;
  const prompt = $("prompt").value.trim() || null;
  const job = await json("POST", `/v1/tracks/${trackId}/generate`, { hum_asset_id: take.assetId, gen_params: { prompt } });
  return { trackId, jobId: job.job_id };
}

let following = null;

// The job whenever it changes, until it has ended.
async function follow(jobId, tell = report) {
  let etag = null;
  let missed = 0;
  for (;;) {
    try {
      const answer = etag
        ? await api("GET", `/v1/jobs/${jobId}?wait=${WAIT_S}`, null, { "If-None-Match": etag })
        : await api("GET", `/v1/jobs/${jobId}`);
      missed = 0;
      if (answer.status === 304) continue;
      etag = answer.headers.get("ETag");
      const job = await answer.json();
      tell(TEXT[job.status] || TEXT[job.step] || TEXT.queued, job.progress);
      if (["succeeded", "failed", "canceled"].includes(job.status)) return job;
    } catch (error) {
      const passing = error.status === 0 || error.status >= 500 || error.status === 429;
      if (!passing || ++missed > PATIENCE) throw error;
      await pause(1000 * missed);
    }
  }
}

// Of a rejected upload, what was wrong with it.
function sentence(job) {
  const error = job.error || {};
  const cause = (error.detail || {}).cause || error;
  return cause.message || TEXT.trouble;
}

async function make(begun) {
  try {
    await haveAccount();
    show("work");
    report(begun ? TEXT.queued : TEXT.sending, 0);
    $("work-name").focus();
    following = begun || (await order());
    sessionStorage.setItem("making", JSON.stringify(following));
    const job = await follow(following.jobId);
    sessionStorage.removeItem("making");
    if (job.status === "succeeded") return present(await json("GET", `/v1/tracks/${following.trackId}`));
    if (take && job.error && job.error.code === "DEPENDENCY_FAILED") sendAnew();
    back(job.status === "canceled" ? TEXT.canceled : sentence(job));
  } catch (error) {
    back(error instanceof Refused ? error.message : TEXT.trouble);
    if (!(error instanceof Refused)) throw error;
  } finally {
    following = null;
  }
}

// With the recording still there, if there is one, and the reason.
function back(reason) {
  if (take) show("capture");
  else startOver();
  $("trouble").textContent = reason;
}

// The songs

function present(track) {
  show("songs");
  $("song-title").textContent = track.title;
  $("reason").textContent = track.score ? TEXT.recommendation(track.score.recommended, track.score.reason) : "";
  $("cover").hidden = !track.cover_url;
  if (track.cover_url) {
    $("cover").src = track.cover_url;
    $("cover").alt = TEXT.cover(track.title);
  }
  $("link").hidden = true;
  $("share").onclick = () => share(track);
  $("cards").replaceChildren(...track.variants.map((variant) => card(track, variant)));
  playersIn($("cards").children);
  $("song-title").focus();
}

function card(track, variant) {
  const { label } = variant;
  const made = $("card").content.cloneNode(true);
  say(made);
  const find = (selector) => made.querySelector(selector);
  find("article").classList.add(label.toLowerCase());
  find("article").setAttribute("aria-label", TEXT.variant(label));
  find(".label").textContent = label;
  find("h2 .quiet").textContent = TEXT.variant(label);
  find("h2 .style").textContent = variant.style.replaceAll("_", " ");
  find(".badge").hidden = !variant.recommended;
  const heard = [[variant.preview_url, 'audio/mp4; codecs="mp4a.40.2"'], [variant.audio_url, "audio/wav"]];
  for (const [src, type] of heard) if (src) find("audio").append(Object.assign(document.createElement("source"), { src, type }));
  Object.assign(find("audio").dataset, { title: track.title, name: variant.style });
  find(".play").setAttribute("aria-label", TEXT.play(label));
  find("input").max = variant.duration_s;
  find("input").setAttribute("aria-label", TEXT.position(label));
  find(".length").textContent = clockText(variant.duration_s);
  find(".wav").href = variant.audio_url;
  find(".midi").href = variant.midi_url;
  const article = find("article");
  find(".film").onclick = () => film(track, label, article);
  if (variant.video_url) showVideo(article, variant);
  return made;
}

function showVideo(article, variant) {
  const link = article.querySelector(".video");
  link.href = variant.video_url;
  link.hidden = false;
  article.querySelector(".film").hidden = true;
}

async function film(track, label, article) {
  const button = article.querySelector(".film");
  button.disabled = true;
  $("trouble").textContent = "";
  try {
    const { job_id: jobId } = await json("POST", `/v1/tracks/${track.track_id}/variants/${label}/video`);
    const job = await follow(jobId, (_, percent) => (button.textContent = TEXT.drawing(percent)));
    if (job.status !== "succeeded") throw new Error(sentence(job));
    const { variants } = await json("GET", `/v1/tracks/${track.track_id}`);
    showVideo(article, variants.find((variant) => variant.label === label));
  } catch (error) {
    $("trouble").textContent = error.message;
    button.textContent = TEXT.makeVideo;
    button.disabled = false;
  }
}

async function share(track) {
  $("share").disabled = true;
  try {
    const { url } = await json("POST", `/v1/tracks/${track.track_id}/share`, {});
    const copied = await navigator.clipboard.writeText(url).then(() => true, () => false);
    const link = Object.assign(document.createElement("a"), { href: url, textContent: url, target: "_blank", rel: "noopener" });
    $("link").replaceChildren(copied ? TEXT.copied : TEXT.shared, " ", link);
    $("link").hidden = false;
  } catch (error) {
    $("trouble").textContent = error.message;
    $("share").disabled = false;
  }
}

// What people can press

$("record").onclick = () => (recording ? stopRecording() : startRecording());
$("file").onchange = () => {
  if (recording) recording.dropped = true;
  stopRecording();
  if ($("file").files.length) hold($("file").files[0]);
};
$("preview").onerror = () => {
  if (take) $("trouble").textContent = TEXT.cannotPlay;
};
$("take").onsubmit = (event) => {
  event.preventDefault();
  make();
};
$("again").onclick = startOver;
$("another").onclick = () => {
  $("share").disabled = false;
  startOver();
};
$("cancel").onclick = () => {
  if (sending) sending.abort();
  else if (following) api("POST", `/v1/jobs/${following.jobId}/cancel`).catch(() => {}); // the job itself says how it ended
};
$("log-out").onclick = async () => {
  const body = { refresh_token: sessionStorage.getItem("refresh_token") };
  signedIn(null);
  startOver();
  await call("POST", "/v1/auth/logout", body).catch(() => {});
};

say(document);
show("capture");
$("log-out").hidden = !sessionStorage.getItem("refresh_token");
const making = sessionStorage.getItem("making");
if (making && sessionStorage.getItem("refresh_token")) make(JSON.parse(making));
