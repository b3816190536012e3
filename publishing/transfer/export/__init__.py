"""The whole publication as one zip, and the way back: rows as they are, and texts for people and other generators."""
