"""What an answer is worth: pure functions over plain data, exact to the last third.

No number is a float. A question is worth one point; every rule gives a fraction of it, from 0 to 1.
"""
