"""From a recording to notes, key, tempo, phrases and the part worth using."""
