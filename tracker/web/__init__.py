"""The pages: what people read in a browser."""
