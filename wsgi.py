"""The application for any WSGI server: ``granian --interface wsgi wsgi:app``. Settings come from the environment."""

from tracker.app import serving

app = serving()
