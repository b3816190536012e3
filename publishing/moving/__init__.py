"""Move in and move out, in the admin: an upload, a preview, the import with its progress, and exports."""
