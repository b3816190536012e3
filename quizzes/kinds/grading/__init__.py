"""What an answer is worth: pure functions over plain data, exact to the last third.

Nothing here knows the database, and no number is a float. A question is worth one point; every rule gives a fraction
of it, from 0 to 1. Which of them a kind of question uses is in quizzes/kinds.

answers    the shapes of answers, and what one earns
weights    what "33.33333" means
choices    single, right minus wrong, weighted sum, all or nothing
ordering   the nine rules for an order
numbers    numbers as readers type them, and tolerances
texts      the ways in which typed text is compared, python_tokens one of them
"""
