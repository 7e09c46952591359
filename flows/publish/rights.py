"""What may be done with a dataset: the licence that its makers chose for the annotations, and none for the articles' texts."""

from __future__ import annotations

from typing import NamedTuple

from qantar.publish.description import Description


class Licence(NamedTuple):
    """A licence by its SPDX id, its short name, and where its text is."""

    spdx: str
    name: str
    url: str


LICENCES = {
    licence.spdx: licence
    for licence in (
        Licence("CC-BY-4.0", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        Licence("CC-BY-SA-4.0", "CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
        Licence("CC-BY-NC-4.0", "CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/"),
        Licence("CC0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        Licence("ODC-By-1.0", "ODC-By 1.0", "https://opendatacommons.org/licenses/by/1-0/"),
    )
}
"""Those that corpus.toml may name as `annotations_licence`."""


def licence_of(described: Description) -> Licence | None:
    """The licence of the annotations; None where the corpus's makers chose none: nothing is claimed for them."""
    return LICENCES.get(described.corpus.annotations_licence or "")


def rights(described: Description) -> str:
    """What may be done with the dataset, in one line."""
    licence = licence_of(described)
    annotations = f"Annotations: {licence.name}." if licence else "No licence was chosen for the annotations."
    return (
        f"{annotations} Article texts remain their publishers'." if described.holds_texts else f"{annotations} No article text is included."
    )
