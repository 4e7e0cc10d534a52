"""The languages that pages and feeds speak: their texts, and how days, numbers and names stand in a sentence."""
