"""Style matching: the sound of one recording on another. Analysis → estimation → rendering → presets and reports.

The public functions, all of them on local recordings and in the terms of ``soundstage.models.style``:

- ``analysis.features.analyze_features(audio) -> Features``: measure a recording, float32 [frames, channels];
  ``analysis.feature_arrays.as_arrays(features) -> FeatureArrays``: what estimation computes with.
- ``estimation.chain_identification.identify_chain(reference, target) -> Chained``: two recordings of one performance.
- ``estimation.inversion.invert_params(reference, target, mode, amounts, chained=…) -> StyleParams``: any two.
- ``rendering.render.render(reader, writer, params) -> Metrics``: streaming, no delay, equal length
  but for a reverb's tail;
  ``rendering.segments`` does it in parallel.
- ``presets.operations``: apply, blend, weigh references; ``presets.writing.export_preset(params, format) -> Exported``.
- ``pipeline.match_recordings``: all of it; ``album.match_album``: several targets as one; ``report.write_report``: what
  was done.
"""
