"""Style matching: the sound of one recording on another. Features → parameters → rendering → presets and reports.

The stable part, all of it on local recordings and in ``soundstage.models.style``'s terms:

- ``features.analyze_features(audio) -> Features``: what a recording sounds like; float32 [frames, channels].
- ``identify.identify_chain(reference, target) -> Chained``: mode A, two recordings of one performance.
- ``invert.invert_params(reference, target, mode, amounts, chained=…) -> StyleParams``: how to get there.
- ``pipeline.find_style(references, target)``: either of them, ``rehearse``d on a part: what leads away is left out.
- ``render.render(reader, writer, params) -> Metrics``: streaming, equal length, no delay; ``segments`` in parallel.
- ``presets.apply_preset``, ``blend``, ``weigh_references``; ``exports.export_preset(params, format) -> Exported``.
- ``pipeline.match_recordings``: all of it, and ``report.write_report`` for what it did.
"""
