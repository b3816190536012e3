"""Categories, tags, authors and series: found and made by their names, merged, and merged no longer."""
