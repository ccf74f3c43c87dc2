"""The film as an editor sees it: clips with handles on tracks, changes from one to the next, markers. All in frames.

Every format is written from this. A picture clip is seen from cut to cut; its medium has handles, the frames before and
after that a transition shows, so that an editing program can blend, move or lengthen it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from soundstage.film.export.xml import plain
from soundstage.models.film import FilmSettings, ShotTiming
from soundstage.models.story import PartId, Storyboard, Transition

DISSOLVES: tuple[Transition, ...] = ("crossfade", "fade", "dip")
"""What editing programs get as a dissolve. Page turns and ink have no counterpart in them: a cut and a marker."""
NAMES: dict[Transition, str] = {
    "cut": "Cut",
    "fade": "Fade through black",
    "crossfade": "Crossfade",
    "dip": "Dip to paper white",
    "page_turn": "Page turn",
    "ink_bleed": "Ink bleed",
}
CARD_NAMES = {"title": "Title card", "credits": "End card"}
NAME_CHARACTERS = 60
"""Of a clip's name: what a timeline shows of it."""


@dataclass(frozen=True)
class Medium:
    """A file of the bundle. ``path``: below its folder, in characters that need no escaping in a URL."""

    id: str
    path: str
    frames: int


@dataclass(frozen=True)
class Clip:
    """``frames`` of a medium from its frame ``skip`` on, in the film at frame ``at``."""

    name: str
    medium: Medium
    at: int
    frames: int
    skip: int = 0

    @property
    def end(self) -> int:
        return self.at + self.frames


@dataclass(frozen=True)
class Change:
    """The transition around a cut: ``before`` frames of it lie before frame ``cut`` of the film, ``after`` after."""

    kind: Transition
    cut: int
    before: int
    after: int

    @property
    def dissolves(self) -> bool:
        return self.kind in DISSOLVES

    @property
    def half(self) -> int:
        """Frames on either side, for programs whose transitions are always centred: a last odd frame is left out."""
        return min(self.before, self.after)


@dataclass(frozen=True)
class Marker:
    """A named frame of the film."""

    at: int
    name: str
    is_chapter: bool


@dataclass(frozen=True)
class SoundTrack:
    """Clips of stereo sound. A track that is not ``enabled`` is there for the editor, and silent."""

    name: str
    clips: Sequence[Clip]
    enabled: bool = True


@dataclass(frozen=True)
class Edit:
    """A whole film for an editing program. ``pictures`` follow each other without gaps."""

    title: str
    fps: int
    width: int
    height: int
    pictures: Sequence[Clip]
    changes: Sequence[Change]
    sounds: Sequence[SoundTrack]
    markers: Sequence[Marker]

    @property
    def frames(self) -> int:
        return self.pictures[-1].end

    def change_at(self, frame: int) -> Change | None:
        """The dissolve around the cut at this frame of the film, if there is one."""
        return next((change for change in self.changes if change.cut == frame and change.dissolves), None)


def edit_of(
    storyboard: Storyboard,
    timings: Sequence[ShotTiming],
    changes: Sequence[Change],
    settings: FilmSettings,
    *,
    size: tuple[int, int],
    spoken: Sequence[PartId],
    has_music: bool,
    chapters: Sequence[tuple[float, str]],
) -> Edit:
    """The edit of a film with these timings. ``spoken``: shots that have speech; ``size``: of a frame."""
    names = clip_names(storyboard)
    frames = timings[-1].first_frame + timings[-1].frames
    pictures, narration = [], []
    for number, timing in enumerate(timings, 1):
        before, after = handles(timing, changes)
        medium = Medium(f"v{number}", media_path(number, timing.shot), before + timing.frames + after)
        pictures.append(Clip(names[timing.shot], medium, timing.first_frame, timing.frames, before))
        if timing.shot in spoken:
            said = Medium(f"n{number}", narration_path(number, timing.shot), timing.frames)
            narration.append(Clip(names[timing.shot], said, timing.first_frame, timing.frames))
    sounds = [SoundTrack("Narration", narration)] if narration else []
    if has_music:
        ducked, unducked = Medium("m1", "stems/music-ducked.wav", frames), Medium("m2", "stems/music.wav", frames)
        sounds.append(SoundTrack("Music, ducked", [Clip("Music, ducked", ducked, 0, frames)]))
        sounds.append(SoundTrack("Music before ducking", [Clip("Music before ducking", unducked, 0, frames)], False))
    markers = [Marker(round(start_s * settings.fps), plain(name), True) for start_s, name in chapters]
    # What a dissolve cannot say of itself is written at its cut.
    markers += [Marker(change.cut, NAMES[change.kind], False) for change in changes if change.kind != "crossfade"]
    markers.sort(key=lambda marker: (marker.at, not marker.is_chapter))
    return Edit(plain(storyboard.title), settings.fps, *size, pictures, changes, sounds, markers)


def changes_of(timings: Sequence[ShotTiming], kinds: Sequence[Transition], lengths: Sequence[int]) -> list[Change]:
    """The transitions that are none but cuts. They lie around their cuts as ``planned_segments`` lays them."""
    return [
        Change(kind, after.first_frame, length // 2, length - length // 2)
        for kind, length, after in zip(kinds, lengths, timings[1:], strict=True)
        if length
    ]


def handles(timing: ShotTiming, changes: Sequence[Change]) -> tuple[int, int]:
    """Frames that transitions show of a shot before its first and after its last."""
    end = timing.first_frame + timing.frames
    before = next((change.before for change in changes if change.cut == timing.first_frame), 0)
    return before, next((change.after for change in changes if change.cut == end), 0)


def clip_names(storyboard: Storyboard) -> Mapping[PartId, str]:
    """Number and title of each shot (its first words where it has none), on one line and without control characters."""
    names: dict[PartId, str] = dict(CARD_NAMES)
    for number, shot in enumerate(storyboard.shots, 1):
        words = " ".join(plain(shot.title or shot.narration).split())
        names[shot.id] = f"{number} {words}"[:NAME_CHARACTERS].rstrip()
    return names


def media_path(number: int, shot: PartId) -> str:
    return f"media/{number:03}-{shot}.mp4"


def narration_path(number: int, shot: PartId) -> str:
    return f"media/{number:03}-{shot}-narration.wav"
