"""What the answers of many readers say about a quiz: pure functions over a tally, without the database.

- `tally.Tally` holds what the figures are made from and can be added to without reading old attempts again.
- `items` gives the figures of each question and choice, `whole` those of the quiz, `readings` their words.
- `charts` gives the geometry of the drawings.

The formulas are those of Moodle's quiz statistics; each docstring names its own.
"""
