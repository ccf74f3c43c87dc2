"""A finished film handed over to editing programs: media, timelines in their formats, stems, subtitles."""
