"""Where pictures are used."""
