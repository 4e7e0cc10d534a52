"""The full public record of a process as files: lossless as JSON, and as tables for people."""
