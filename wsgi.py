"""The application for any WSGI server: ``granian --interface wsgi wsgi:app``. Settings come from the environment."""

from tracker.app import create_app
from tracker.settings import Settings

app = create_app(Settings.from_environment())
