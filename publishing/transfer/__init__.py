"""What moves a publication in and out: files to read, notes on what became of them."""
