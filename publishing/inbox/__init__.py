"""The front page of the admin: what waits for the person who asks, and the way to everything else."""
