"""Paragraphs of PDFs, by where their lines stand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from qantar.stages.articles.archives.pdf_layout import PdfLine, join_pages, page_lines
from qantar.text.passages import split_passages
from tests.stages import archive_exports as exports
from tests.stages.test_read import read


def column(*lines: str, x: float = 50, top: float = 700, step: float = 14, size: float = 11) -> list[PdfLine]:
    """Lines one below the other; one that begins with blanks is set in, an empty one is a gap."""
    return [PdfLine(line.strip(), x + 22 * line.startswith(" "), top - i * step, size) for i, line in enumerate(lines) if line]


def test_paragraphs_of_a_pdf_are_parted_by_wider_gaps(tmp_path: Path) -> None:
    first = ["The weir at Torvik was opened on Monday after", "rain had fallen for nine days without an end."]
    second = ["Boats wait below the mill, its keeper says, and", "nobody knows when they will be let through."]
    (tmp_path / "a.pdf").write_bytes(exports.pdf(["The weir is opened", "", *first, "", *second]))
    ((article,), _) = read(tmp_path)
    assert article.text == "\n\n".join(["The weir is opened", "\n".join(first), "\n".join(second)])


def test_another_size_a_line_set_in_and_a_large_title_over_two_lines() -> None:
    title = column("Weir is opened", "at Torvik", top=760, step=30, size=24)
    text = column("  Rain had fallen for", "nine days without end.", "  Boats wait below the", "mill, says its keeper.")
    assert join_pages([[*title, *text]]).split("\n\n") == [
        "Weir is opened\nat Torvik",
        "Rain had fallen for\nnine days without end.",
        "Boats wait below the\nmill, says its keeper.",
    ]


def test_a_paragraph_goes_on_over_columns_and_pages_where_it_breaks_off() -> None:
    left, right = column("Rain had fallen", "for a week, for", "nine days and"), column("nights.", "", "Boats wait in", "all of the", x=300)
    below = column("harbour.", "", "The mill stands.")
    header = [
        [PdfLine("The Torvik Times", 50, 780, 9), *page, PdfLine(f"page {n} of 2", 50, 20, 9)] for n, page in enumerate((left, below))
    ]
    header[0][1:1] = right[:0]
    pages = [[*header[0][:-1], *right, header[0][-1]], header[1]]
    assert join_pages(pages).split("\n\n") == [
        "Rain had fallen\nfor a week, for\nnine days and\nnights.",
        "Boats wait in\nall of the\nharbour.",
        "The mill stands.",
        *("The Torvik Times", "page 0 of 2", "The Torvik Times", "page 1 of 2"),
    ]


def test_a_word_with_a_hyphen_at_the_end_of_a_line_is_one() -> None:
    assert (
        join_pages([column("The well-", "known mill and its Anglo-", "Saxon wheel stand.")])
        == "The well-known mill and its Anglo-\nSaxon wheel stand."
    )


def test_columns_and_pages_that_end_with_a_sentence_or_begin_with_a_capital_end_a_paragraph() -> None:
    left, right = column("Rain had fallen", "for nine days."), column("boats wait below", "the mill, says", x=300)
    pages = [[*left, *right], column("Lind, who keeps it."), column("mayor of Torvik.")]
    assert join_pages(pages).split("\n\n") == [
        "Rain had fallen\nfor nine days.",
        "boats wait below\nthe mill, says",
        "Lind, who keeps it.",
        "mayor of Torvik.",
    ]


def test_letters_of_another_size_at_the_usual_step_and_lines_beside_a_picture() -> None:
    assert join_pages([[*column("The weir", size=12), *column("Rain had fallen for", "nine days.", top=686)]]).split("\n\n") == [
        "The weir",
        "Rain had fallen for\nnine days.",
    ]
    for lines in (
        ("  Rain had", "  fallen for", "nine days and", "nine nights."),
        ("Rain had fallen", "for nine days", "  and nine", "  nights."),
    ):
        assert len(join_pages([column(*lines)]).split("\n\n")) == 1


def test_what_a_few_pages_repeat_at_their_edges_is_text() -> None:
    pages = [
        column(top, f"were {below}.") for top, below in zip(["Weirs"] * 2 + ["Mills"] * 3, ("old", "new", "wet", "dry", "low"), strict=True)
    ]
    assert join_pages(pages).startswith("Weirs\nwere old.\n\nWeirs\nwere new.\n\nwere wet.")


def test_letters_set_as_one_are_several() -> None:
    class Page:
        def extract_text(self, visitor_text: Callable[..., Any]) -> None:
            visitor_text("The ﬁsh ﬂew oﬀ.", [1, 0, 0, 1, 0, 0], [1, 0, 0, 1, 50, 700], {}, 11)

    assert page_lines(Page()) == [PdfLine("The fish flew off.", 50, 700, 11)]


def test_letters_that_were_turned_have_their_size() -> None:
    class Page:
        def extract_text(self, visitor_text: Callable[..., Any]) -> None:
            visitor_text("Up\n \nand down", [1, 0, 0, 1, 0, 0], [0, 1, -1, 0, 50, 700], {}, 11)

    assert page_lines(Page()) == [PdfLine("Up", 50, 700, 11), PdfLine("and down", 50, 700, 11)]


def test_lines_of_a_pdf_are_joined_though_their_letters_have_widths_of_their_own() -> None:
    lines = [
        *("The weir at Torvik was opened on Monday after the summer’s rain", "had fallen for nine days and nights without an end, as"),
        *("Mayor Lind had said it would.", "Boats wait below the mill, and nobody in the old town that is called"),
        *("Torvik knows when they will be let", "through, or whether the keeper’s men, who went out"),
        *("to the sea, are coming home in the", "spring."),
    ]
    assert [p.text[:9] for p in split_passages("\n".join(lines))] == ["The weir ", "Boats wai"]
    verse = [
        "the water is up",
        "and up to the",
        "door where a child had",
        "put",
        "the cat out in a",
        "storm",
        "that no boat",
        "would have",
        "had a soul to",
    ]
    assert len(split_passages("\n".join(verse))) == len(verse)
