"""What runs in a process of its own, with Django and a database that the environment names."""
