"""A process cannot take a short name with which another address begins."""

from __future__ import annotations

import pytest

from tracker.domain.errors import InvalidInput
from tracker.domain.processes import RESERVED, require_unreserved_slug


@pytest.mark.parametrize("slug", [*sorted(RESERVED), "en", "ar", "ckb", "v1", "v12"])
def test_names_of_the_trackers_own_addresses_and_codes_of_languages_are_refused(slug: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        require_unreserved_slug(slug)
    assert refused.value.fields[0].pointer == "/slug"
    assert repr(slug) in refused.value.detail


@pytest.mark.parametrize("slug", ["coast", "en-route", "v1-inquiry", "docs-of-2011", "1989"])
def test_other_names_are_taken(slug: str) -> None:
    require_unreserved_slug(slug)
