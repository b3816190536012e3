"""Audio and video files that editors upload, and which uploads a text names."""
