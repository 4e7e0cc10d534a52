"""One module for each kind of file that may become public: what does it carry beside what it shows?

``traces(data)`` lists that in plain words, and raises `NotCheckable` for what it does not understand. Each goes through
the container piece by piece and knows by name what may stay; nothing is decoded, shown or changed. That a file begins
as its kind does, `metadata` has seen before.
"""
