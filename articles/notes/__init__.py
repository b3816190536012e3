"""Notes of colleagues on a paragraph of what is worked on."""
