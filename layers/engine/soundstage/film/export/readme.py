"""README.txt of a bundle: what to open where, and what is not the same there as in the film."""

from soundstage.film.export.edit import NAMES, Edit

TEXT = """{title}
{duration} at {fps} frames a second, {width} x {height}, {shots} clips.

Keep all files in one folder: the timelines name their media by where they lie in it.

DaVinci Resolve   File > Import > Timeline: film.fcpxml or film.otio. Asked for media, choose the folder media.
Final Cut Pro     File > Import > XML: film.fcpxml
Premiere Pro      File > Import: film.xml. Asked for media, choose the folder media.
剪映, CapCut       Close the program, copy this whole folder in among its drafts (its settings say where), open it:
                  the draft has the pictures, their dissolves, all sound, and the subtitles as text.
Others            film.otio, and film.srt for subtitles

media/    One clip for each shot, without subtitles, with the frames before and after it that its transitions show;
          and its narration, as long as the shot.
stems/    Of the whole film, at its levels: narration, music as it is heard in the film (quieter under words), and
          music before that. The third track of sound is switched off; switch it on instead of the second.
film.srt, film.vtt, film.ass    Subtitles; ASS has the highlighted words.

Transitions: crossfades, fades and dips are cross dissolves here. Markers at the cuts say what the film has instead:
{transitions}
"""


def readme(edit: Edit) -> str:
    """The file's text."""
    minutes, seconds = divmod(edit.frames / edit.fps, 60)
    others = [change for change in edit.changes if change.kind != "crossfade"]
    lines = [f"  frame {change.cut}: {NAMES[change.kind]}, {change.before + change.after} frames" for change in others]
    return TEXT.format(
        title=edit.title,
        duration=f"{minutes:.0f}:{seconds:05.2f}",
        fps=edit.fps,
        width=edit.width,
        height=edit.height,
        shots=len(edit.pictures),
        transitions="\n".join(lines) or "  none",
    )
