"""From the text as it was typed to sentences with their words marked: places, times, things, people."""
