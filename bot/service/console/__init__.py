"""The help desk's console."""
