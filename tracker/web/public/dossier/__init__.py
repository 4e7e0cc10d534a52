"""The dossier of a process: what stands in it, how it is put together, and its two forms."""
