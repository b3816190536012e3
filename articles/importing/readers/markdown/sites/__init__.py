"""The site of a folder: its generator and its addresses."""
