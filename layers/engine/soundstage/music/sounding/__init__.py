"""From played notes to sound: rendering, sound font, mix, mastering; and MIDI."""
