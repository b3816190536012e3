"""What the answers of many readers say about a quiz, counted when somebody asks for it.

- `attempts` reads the rows, `counting` counts them; `results` keeps the counts, and `tasks` counts many attempts.
- `items` gives the figures of each question and choice, `whole` those of the quiz, `readings` their words.
- `charts` gives the geometry of the drawings, `reports` and `answer_reports` the page.

The formulas are those of Moodle's quiz statistics; each docstring names its own. `counting`, `items`, `whole`,
`readings` and `charts` are pure: plain data in, plain data out.
"""
