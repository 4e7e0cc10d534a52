"""Charts: data in, SVG out. Their numbers stand in a table beside them.

Lengths are shares of the width, so a chart fits every screen without a script, and its marks keep their shape. Colours
are classes of the style sheet.
"""
