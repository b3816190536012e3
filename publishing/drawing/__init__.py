"""What the server draws: the outlines of letters for SVG, and cards for sharing as PNG."""
