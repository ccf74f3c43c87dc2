"""Pictures of a song: cover, plots, the video of its notes."""
