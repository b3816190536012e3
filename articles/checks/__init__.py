"""What an editor should know about an article before readers see it: `checking` finds it, `publishing` acts on it."""
