"""Statistics of quizzes, computed when an editor opens the page.

- `attempts` reads the rows, `counting` counts them; `results` caches the counts, and `tasks` counts many attempts.
- `items` has the figures of questions and choices, `whole` those of the quiz, `readings` what they mean in words.
- `charts` has the geometry of the charts, `reports` and `answer_reports` the page.

The formulas are those of Moodle's quiz statistics. `counting`, `items`, `whole`, `readings` and `charts` are pure.
"""
