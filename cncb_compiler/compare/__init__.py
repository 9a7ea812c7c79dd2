"""Two revisions of a system compared by what they mean: typed changes, each with who is affected by it.

    side -> matching -> rules -> acceptance -> render

A `Side` is a revision as it is understood. `matching` pairs what is on both sides, renamed or not. Each file in
`rules/` finds one kind of change, says how bad it is, and whom it touches by lineage. What is exempt or accepted is
marked, never dropped. Renderers are functions of the one value `Differences`.
"""
