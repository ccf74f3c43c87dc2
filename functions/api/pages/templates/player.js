"use strict";
// The players of songs on the pages of shares.
// Without this script the browser's own controls play the songs; with it they look alike everywhere, one plays at a time.
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

function playersIn(cards) {
  for (const card of cards) {
    player(card.querySelector("audio"));
    renewing(card.querySelector("audio"));
  }
}

// A video is a song, too.
const playOneAtATime = ({ target }) =>
  document.querySelectorAll("audio, video").forEach((other) => other === target || other.pause());
document.addEventListener("play", playOneAtATime, { capture: true });

// The address behind a song is good for two minutes; who seeks later asks for a new one, once.
function renewing(media) {
  let renewed = false;
  media.addEventListener("playing", () => (renewed = false));
  media.addEventListener("error", () => {
    if (renewed) return;
    renewed = true;
    const at = media.currentTime;
    media.load();
    media.currentTime = at;
    media.play();
  });
}

function player(audio) {
  const frame = audio.parentElement.querySelector(".player");
  const button = frame.querySelector("button");
  const slider = frame.querySelector("input");
  const elapsed = frame.querySelector(".elapsed");
  const { ariaLabel: play } = button;
  let seeking = false;

  const show = (seconds) => {
    elapsed.textContent = clock(seconds);
    slider.value = seconds;
    slider.style.setProperty("--at", `${(100 * seconds) / slider.max}%`);
    slider.setAttribute("aria-valuetext", clock(seconds));
  };
  audio.removeAttribute("controls");
  audio.hidden = true;
  frame.hidden = false;
  show(0);

  button.addEventListener("click", () => (audio.paused ? audio.play() : audio.pause()));
  slider.addEventListener("input", () => {
    seeking = true;
    show(slider.valueAsNumber);
  });
  slider.addEventListener("change", () => {
    seeking = false;
    audio.currentTime = slider.valueAsNumber;
  });
  audio.addEventListener("loadedmetadata", () => {
    if (Number.isFinite(audio.duration)) slider.max = audio.duration;
  });
  audio.addEventListener("timeupdate", () => seeking || show(audio.currentTime));
  audio.addEventListener("waiting", () => frame.classList.add("waiting"));
  audio.addEventListener("play", () => {
    frame.classList.add("playing", "waiting");
    button.setAttribute("aria-label", button.dataset.pause);
    if ("mediaSession" in navigator) {
      const { title, name: album } = audio.dataset;
      navigator.mediaSession.metadata = new MediaMetadata({ title, artist: "Soundstage", album });
    }
  });
  audio.addEventListener("playing", () => frame.classList.remove("waiting"));
  for (const end of ["pause", "ended"]) {
    audio.addEventListener(end, () => {
      frame.classList.remove("playing", "waiting");
      button.setAttribute("aria-label", play);
    });
  }
}

playersIn(document.querySelectorAll(".variant"));
document.querySelectorAll("video, article > audio[aria-label]").forEach(renewing);
