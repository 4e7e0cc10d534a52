"""The benchmark: real data in, the real server up, measured beside a bare application on the same server.

Run it with ``python -m bench`` or ``make bench``; ``docs/performance.md`` says what the numbers mean.
"""
