"""What states demand: how it is asked for, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validates_schema

from tracker.domain import ids
from tracker.domain.basis import SHORTFALLS
from tracker.domain.sentences import sentence
from tracker.domain.states import ACTS
from tracker.domain.tracks import TRACKS
from tracker.schemas.fields import Code, Id, Strict, Text
from tracker.schemas.thing_names import NamesTold
from tracker.schemas.trials import SupportOut

#: As many as one status change cites.
MOST_CITED: Final = 50


class Items(Text):
    """Ids of evidence in a query string, with commas between them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(31 * MOST_CITED, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        codes = str(super()._deserialize(value, attr, data, **kwargs)).split(",")
        if len(codes) > MOST_CITED or any(ids.kind_of(one) != "evidence" for one in codes):
            raise ValidationError(
                sentence(
                    "must be at most %(most)s ids of evidence, with commas between them",
                    most=MOST_CITED,
                )
            )
        return codes


class DemandsQuery(Strict):
    track = Code(TRACKS, required=True)
    state = Text(
        32, named=True, metadata={"description": "Only this state; each state of the track where left out."}
    )
    assessor = Id("organization", sought=True)
    addressee = Id("organization", sought=True)
    cites = Items(
        metadata={"description": "The ids of evidence that would support it, with commas between them."}
    )

    @validates_schema(skip_on_field_errors=False)
    def _require_state_of_track(self, data: Mapping[str, Any], **_more: Any) -> None:
        track = TRACKS.get(data.get("track", ""))
        codes = [] if track is None else track.codes
        if "state" in data and data["state"] not in codes:
            known = sentence("must be a state of the track: %(codes)s", codes=", ".join(codes) or "name one")
            raise ValidationError({"state": [known]})


class CitedItemOut(Schema):
    """An item that is cited in support, now or by the answer that stands, and whether it counts."""

    evidence = fields.String(required=True)
    because = Code(
        SHORTFALLS,
        required=True,
        allow_none=True,
        metadata={"description": "Why it does not count for all that is demanded; null where it does."},
    )
    mended_by = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "The operation that makes it count: `propose_status_change` proposes its verification,"
            " `decide_status_change` decides on the one that waits. Null where only another item helps."
        },
    )
    change = fields.String(
        required=True, allow_none=True, metadata={"description": "The verification that waits to be decided."}
    )


class StateDemandsOut(Schema):
    """What one state demands, and what of it is given."""

    state = fields.String(required=True)
    act = Code(
        ACTS,
        required=True,
        allow_none=True,
        metadata={
            "description": "By what act an answer comes there: `move`, or `confirmation` of what stands. Null where"
            " that is not allowed."
        },
    )
    support = fields.Nested(
        SupportOut, required=True, metadata={"description": "Each demand, with what is given of it."}
    )
    items = fields.List(fields.Nested(CitedItemOut), required=True)


class TrackDemandsOut(Schema):
    """What the states of a track demand of an answer today, the policy of the process included."""

    subject = fields.String(required=True)
    track = fields.String(required=True)
    assessor = fields.String(attribute="assessor_id", required=True)
    addressee = fields.String(attribute="addressee_id", required=True, allow_none=True)
    stands = fields.String(required=True, metadata={"description": "The state that stands today."})
    states = fields.List(fields.Nested(StateDemandsOut), required=True)
    names = NamesTold(required=True)
