"""The tasks of this image, by name. Each is a module as ``soundstage.jobs.tasks`` describes it."""

TASKS = {
    "music_generate": "tasks.music_generate",
    "match_render_segment": "tasks.match_render_segment",
    "match_join": "tasks.match_join",
    "video_render": "tasks.video_render",
}
