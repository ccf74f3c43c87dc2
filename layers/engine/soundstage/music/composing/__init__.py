"""From an analysis to a plan: melody on a grid, form, harmony, styles, variations."""
