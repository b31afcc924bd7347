"""One erasure, as the list and the store keep it. It names nobody: an opaque id, or a keyed fingerprint of a name."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, ConfigDict

CONTACT = "contact"
NAME = "name"
ACCOUNT = "account"


class Erasure(BaseModel):
    """service: that held the data; kind: CONTACT, NAME or ACCOUNT; id: the person's opaque id, the fingerprint of a
    name (`names.fingerprint`), or an account's id; region: its code, empty: any; at: machine time. Of a name: agency:
    only there, empty: in the whole region; words: how many it has; texts: in free texts too."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    service: str
    kind: str
    id: str
    region: str = ""
    agency: str = ""
    words: int = 0
    texts: bool = False
    at: AwareDatetime

    @property
    def key(self) -> str:
        """The same for the same erasure, whenever it was made."""
        scope = f"{self.region}/{self.agency}/{int(self.texts)}/" if self.kind == NAME else ""
        return f"{self.kind}/{scope}{self.id}"
