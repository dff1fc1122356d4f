"""Records that BibTeX reads: balanced, unique, and true."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.digest import Comment, Entry, Link
from bot.model.richtext import Document, link, paragraph
from bot.renderers.bibtex import Reference, cited_papers, write_bibtex, write_comment

ARXIV = "https://arxiv.org/abs/2003.08934v2"
DOI = "https://doi.org/10.1109/CVPR.2021.00123"


def entry(title: str, *urls: str) -> Entry:
    return Entry(title, links=tuple(Link(url) for url in urls))


def record(title: str, *urls: str, note: str = "") -> str:
    return write_bibtex([Reference(entry(title, *urls), note)]).text


def read(text: str) -> list[tuple[str, dict[str, str]]]:
    """Read records as BibTeX does: a field ends where its braces are balanced, whatever stands before them."""
    records, at = [], 0
    while (start := text.find("@misc{", at)) >= 0:
        key_end = text.index(",", start)
        fields, at = {}, key_end + 1
        while text[at:].lstrip()[0] != "}":
            name, _, rest = text[at:].partition("=")
            depth, end = 0, len(text) - len(rest)
            for end in range(len(text) - len(rest), len(text)):
                depth += {"{": 1, "}": -1}.get(text[end], 0)
                if depth == 0 and text[end] == "}":
                    break
            fields[name.strip()] = text[text.index("{", len(text) - len(rest)) + 1 : end]
            at = text.index(",", end) + 1
        records.append((text[start + len("@misc{") : key_end], fields))
    return records


def test_a_paper_on_arxiv() -> None:
    """Number, archive, address and year."""
    assert record("NeRF: Scenes as Fields", ARXIV, note="Shared by Ada (Issue 1)") == (
        "@misc{nerf2020,\n"
        "  title         = {{NeRF: Scenes as Fields}},\n"
        "  year          = {2020},\n"
        "  eprint        = {2003.08934},\n"
        "  archivePrefix = {arXiv},\n"
        "  url           = {https://arxiv.org/abs/2003.08934},\n"
        "  note          = {Shared by Ada (Issue 1)},\n"
        "}\n"
    )


def test_a_paper_with_a_doi() -> None:
    """The name, its address, and the year if the name tells one."""
    [(key, fields)] = read(record("A study of light", DOI))
    assert key == "study2021"
    assert fields["doi"] == "10.1109/cvpr.2021.00123"
    assert fields["url"] == "https://doi.org/10.1109/cvpr.2021.00123"
    assert fields["year"] == "2021"
    assert "year" not in dict(read(record("X", "https://doi.org/10.1145/3450626.3459678"))[0][1])


def test_a_number_and_a_doi_of_one_paper_stand_together() -> None:
    """The number's address first."""
    [(_, fields)] = read(record("NeRF", DOI, ARXIV))
    assert (fields["eprint"], fields["doi"]) == ("2003.08934", "10.1109/cvpr.2021.00123")
    assert fields["url"].startswith("https://arxiv.org/")


@pytest.mark.parametrize(
    ("number", "year"),
    [("cs/0112017", "2001"), ("hep-th/9711200", "1997"), ("0704.0001", "2007"), ("2412.01234", "2024")],
)
def test_the_number_tells_the_year(number: str, year: str) -> None:
    """In both its forms: https://info.arxiv.org/help/arxiv_identifier.html."""
    [(_, fields)] = read(record("X", f"https://arxiv.org/abs/{number}"))
    assert fields["year"] == year


def test_of_several_papers_the_first_is_cited() -> None:
    """And of papers that a reply mentions, none."""
    other = "https://arxiv.org/abs/2111.12077"
    assert [paper.key for paper in cited_papers(entry("X", other, ARXIV, DOI))] == ["2111.12077"]
    reply = Comment("Ada", 0, Document((paragraph(link("see", ARXIV)),)))
    assert cited_papers(Entry("X", links=(Link(ARXIV),), comments=(reply,))) == ()


def test_keys_are_unique_and_papers_are_cited_once() -> None:
    """Equal words get a number; the same paper in two issues is one record."""
    entries = [entry("The NeRF", f"https://arxiv.org/abs/2003.0000{n}") for n in range(3)]
    found = write_bibtex(Reference(one) for one in (*entries, entry("Again", "https://arxiv.org/pdf/2003.00001")))
    assert [key for key, _ in read(found.text)] == ["nerf2020", "nerf2020-2", "nerf2020-3"]
    assert found.count == 3
    assert found.left_out == ()


def test_a_key_is_plain_ascii() -> None:
    """Accents are left away; a title without letters is a paper."""
    assert read(record("Über Göttingen", ARXIV))[0][0] == "uber2020"
    assert read(record("三维重建", ARXIV))[0][0] == "paper2020"


def test_what_names_no_paper_is_told() -> None:
    """Nothing is dropped in silence."""
    found = write_bibtex([Reference(entry("Code", "https://github.com/a/b")), Reference(entry("NeRF", ARXIV))])
    assert [one.title for one in found.left_out] == ["Code"]
    assert found.count == 1


def test_a_comment_holds_no_record() -> None:
    """The sign of a record means one outside of records, too."""
    assert write_comment(["by @ada\n@misc{x}"]) == "% by (at)ada (at)misc{x}\n"


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), min_size=1), min_size=1, max_size=4))
def test_any_title_leaves_the_file_whole(titles: list[str]) -> None:
    """Braces are balanced, no sign of LaTeX's is bare, every paper is read back under a key of its own."""
    entries = [entry(title, f"https://arxiv.org/abs/2003.0000{n}") for n, title in enumerate(titles)]
    text = write_bibtex(Reference(one, one.title) for one in entries).text
    records = read(text)
    assert [fields["eprint"] for _, fields in records] == [f"2003.0000{n}" for n in range(len(titles))]
    assert len({key for key, _ in records}) == len(titles)
    for _, fields in records:
        assert fields["title"][0] + fields["title"][-1] == "{}"
        assert not re.search(r"(?<!\\)[&%$#_]|[~^]", fields["note"])
