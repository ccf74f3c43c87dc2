"""What each segment is made of, its fingerprint, and its frames.

A segment is known by the content of everything that its frames depend on, relative to itself: a longer first shot moves
all others and changes none of them. What was rendered under a fingerprint is never rendered again.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from soundstage.film import clips
from soundstage.film.camera import view
from soundstage.film.compositing import compose, load_layers
from soundstage.film.encoding import Format, encode_segment
from soundstage.film.stills import save_still
from soundstage.film.subtitles import ass_document
from soundstage.film.timeline import Segment, Stretch
from soundstage.film.transitions import blended
from soundstage.media.ffmpeg import ffmpeg_version
from soundstage.media.typography import Typeface
from soundstage.media.yuv import Planes
from soundstage.models.film import Clip, Cue, Picture, SubtitleStyle
from soundstage.models.story import CameraMove, PartId

VERSION = 3
"""Of everything here that decides what frames look like: raise it when that changes."""
EARLIER_S = 20.0
"""Subtitles of a segment are written as if it began this late, so that a cue may have begun before it."""


@dataclass(frozen=True)
class Scene:
    """A shot as it is filmed. ``folder`` holds the picture's files. With a clip that is seen, in place of the camera's
    way over the picture.
    """

    picture: Picture
    folder: Path
    camera: CameraMove
    motion: str
    clip: Clip | None = None
    clip_folder: Path | None = None


@dataclass(frozen=True)
class SegmentJob:
    """One segment with all it needs; rendered anywhere, in any order."""

    segment: Segment
    scenes: Mapping[PartId, Scene]
    cues: Sequence[Cue]
    form: Format
    subtitle_style: SubtitleStyle
    typeface: Typeface

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of everything that the file depends on."""
        stretches = [
            {
                "layers": [(layer.sha256, layer.depth, layer.motion) for layer in scene.picture.layers],
                "focus": scene.picture.focus,
                "camera": scene.camera,
                "motion": scene.motion,
                "first": stretch.first,
                "of": stretch.of,
            }
            | ({"clip": [clips.VERSION, scene.clip.sha256]} if scene.clip else {})
            for stretch in self.segment.stretches
            for scene in [self.scenes[stretch.shot]]
        ]
        facts = {
            "version": VERSION,
            "ffmpeg": ffmpeg_version(),
            "arguments": self.form.arguments(),
            "size": (self.form.width, self.form.height, self.form.fps),
            "frames": self.segment.frames,
            "transition": self.segment.transition,
            "stretches": stretches,
            "subtitles": self._subtitles(),
            "typeface": self.typeface.sha256,
        }
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()

    def render(self, path: Path, *, still: Path | None = None, timeout_s: float = 300.0) -> None:
        """Encode the segment, and keep the frame in its middle as the JPEG ``still``, without subtitles.

        Raises EncodingFailed, DependencyUnavailable.
        """
        subtitles = self._subtitles()
        drawn = path.with_suffix(".ass") if subtitles else None
        if drawn is not None and subtitles is not None:
            drawn.write_text(subtitles, encoding="utf-8")
        try:
            encode_segment(
                path,
                lambda: self._frames(still),
                self.form,
                count=self.segment.frames,
                subtitles=drawn,
                starts_at_s=EARLIER_S,
                fonts=self.typeface.file.parent,
                timeout_s=timeout_s,
            )
        finally:
            if drawn is not None:
                drawn.unlink(missing_ok=True)

    def _subtitles(self) -> str | None:
        """The cues that are seen in this segment, in its own time; None when there are none."""
        start_s = self.segment.first_frame / self.form.fps
        end_s = start_s + self.segment.frames / self.form.fps
        seen = [cue for cue in self.cues if cue.start_s < end_s and cue.end_s > start_s]
        if not seen or self.subtitle_style == "none":
            return None
        size = (self.form.width, self.form.height)
        family = self.typeface.family
        return ass_document(
            seen,
            size=size,
            style=self.subtitle_style,
            family=family,
            shift_s=EARLIER_S - start_s,
            drawable=self.typeface.drawable,
        )

    def _frames(self, still: Path | None) -> Iterator[Planes]:
        shown = [self._stretch(stretch) for stretch in self.segment.stretches]
        for number, drawn in enumerate(zip(*shown, strict=True)):
            if still is not None and number == self.segment.frames // 2:
                save_still(drawn[0], still)
            if self.segment.transition is None:
                yield drawn[0]
            else:
                share = (number + 0.5) / self.segment.frames
                yield blended(drawn[0], drawn[1], share, self.segment.transition)

    def _stretch(self, stretch: Stretch) -> Iterator[Planes]:
        """All frames of one shot in this segment."""
        scene, size, fps = self.scenes[stretch.shot], (self.form.width, self.form.height), self.form.fps
        at = range(stretch.first, stretch.first + self.segment.frames)
        if scene.clip is not None and scene.clip_folder is not None:
            positions = [clips.position(number, stretch.of, fps, scene.clip) for number in at]
            yield from clips.frames_at(scene.clip_folder / scene.clip.file, positions, size)
            return
        layers = load_layers(scene.picture, scene.folder, size)
        for number in at:
            seen = view(scene.camera, number / stretch.of, motion=scene.motion)
            yield compose(layers, seen, size, scene.picture.focus, number / fps)
