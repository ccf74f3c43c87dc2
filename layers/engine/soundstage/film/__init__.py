"""The film: shots on a timeline, segments encoded one by one, one sound track, subtitles, a gate before it is done."""
