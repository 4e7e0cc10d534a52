"""What is true: the rules of the field, as pure functions over plain values.

Standard library only. No Flask, no SQL, no clock and no randomness: days, instants and
random bytes are arguments.
"""
