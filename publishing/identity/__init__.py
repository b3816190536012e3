"""What a publication looks like: its colours, and what is made from them, its logo and its icon."""
