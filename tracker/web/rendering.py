"""Templates: one environment for all pages, every text escaped, nothing undefined."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from tracker.domain.measures import MEASURES
from tracker.domain.partial_days import name_period
from tracker.domain.tracks import TRACKS
from tracker.languages.i18n import LANGUAGES, Language, direction_of, get_language, isolate
from tracker.languages.texts import unwrap_lines
from tracker.public.sentences.deadlines import are_read_otherwise, describe_reading
from tracker.public.sentences.figures import write_figure, write_quantity
from tracker.public.sentences.verdicts import describe_footing, describe_interval, describe_silence
from tracker.web import static_files
from tracker.web.charts.series import draw_shape
from tracker.web.charts.state_bar import HATCH
from tracker.web.tones import family_of, tone_of
from tracker.web.words import WORDS


@lru_cache(maxsize=1)
def get_environment() -> Environment:
    made = Environment(
        loader=PackageLoader("tracker.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {
        "static": static_files.address,
        "direction_of": direction_of,
        "hatch": HATCH,
        "shape_of": draw_shape,
        "tone_of": tone_of,
        "family_of": family_of,
        "host_of": lambda address: urlsplit(address).hostname or address,
        "unwrap_lines": unwrap_lines,
        "name_period": lambda *days: name_period(*(date.fromisoformat(str(one)) for one in days)),
        "describe_interval": describe_interval,
        "describe_footing": describe_footing,
        "describe_silence": describe_silence,
        "are_read_otherwise": are_read_otherwise,
        "describe_reading": describe_reading,
        "write_quantity": write_quantity,
        "write_figure": write_figure,
        "stage_of": lambda measure, code: next(
            one.label for one in MEASURES[measure].stages if one.code == code
        ),
        "question_of": lambda track: TRACKS[track].question,
        "languages": LANGUAGES,
        "all_languages": [get_language(code) for code in LANGUAGES],
    }
    made.filters["isolate"] = isolate
    return made


def render_page(template: str, language: Language, **shown: object) -> bytes:
    """A page in a language, as bytes."""
    words: dict[str, object] = {
        "language": language,
        "say": language.say,
        "say_number": language.say_number,
        "tell": language.tell,
        "label": language.label,
        "day": language.day,
        "number": language.number,
        "comma": language.comma,
        "colon": language.colon,
    }
    words |= {name: {key: language.say(text) for key, text in texts.items()} for name, texts in WORDS.items()}
    return get_environment().get_template(template).render(words | shown).encode()
