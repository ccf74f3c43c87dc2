"""Scoring: music for a film that is told, from its sections' moods: a leitmotif, varied from scene to scene.

Tables of moods, progressions and patterns are compositional choices, made by ear's rules (Piston, *Harmony*; Karlin &
Wright, *On the Track*: music for films under dialogue); what holds them is measured in ``tests/unit/music/scoring``.
"""
