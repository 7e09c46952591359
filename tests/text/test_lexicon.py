"""The lexicon: files that are checked when they are loaded, say what uses them, and are the one place for words of a language."""

from __future__ import annotations

import ast
import gzip
import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from qantar.text import lexicon
from tests.conftest import ROOT

FLOWS = ROOT / "flows"
LEXICON = FLOWS / "lexicon"
FILES = sorted(p.name for p in LEXICON.iterdir() if p.suffix in {".toml", ".csv", ".txt"})
SOURCES = {p: p.read_text("utf-8") for p in sorted(FLOWS.rglob("*.py"))}

DATA_TABLES = frozenset(
    ["boilerplate.toml macros", "calendar.toml day_words", "calendar.toml holidays", "calendar.toml part_leads", "calendar.toml steps"]
    + [
        "metonyms.toml seats",
        "national_bodies.toml synonyms",
        "national_bodies.toml world",
        "other_names.toml peoples",
        "titles.toml in_full",
        "columns.toml",
    ]
    + [
        f"newspaper_archives.toml {t}"
        for t in ("months", "languages", "agencies", "length", "factiva", "proquest", "nexis head", "nexis tail", "nexis lines")
    ]
    + ["no_persons.toml behind_towns"]
    + [f"quote_scores.toml {t}" for t in ("rule", "kind", "attitude", "speaker", "given")]
)
"""Tables whose keys are words or names of ours, looked up as they come."""

WRITTEN = tomllib.loads((Path(__file__).parent / "words_in_code.toml").read_text("utf-8"))
ENDINGS = frozenset(WRITTEN["endings"])


# --- the loader ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.toml", 'words = ["said", "told", "said"]', "a.toml words: said stands there more than once"),
        ("a.txt", "# Made by us.\nsaid\ntold\nsaid\n", "a.txt: said stands there more than once"),
        ("a.csv", "id,names\nx,a, b\n", "a.csv: row 'x' has more or fewer fields than columns"),
        ("a.csv", "id,names\nx\n", "a.csv: row 'x' has more or fewer fields than columns"),
        ("a.csv", "id,names\nx,a\nx,a\n", "stands there more than once"),
    ],
)
def test_a_faulty_file_is_named_when_it_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str, message: str
) -> None:
    monkeypatch.setattr(lexicon, "HERE", tmp_path)
    (tmp_path / name).write_text(content)
    read: Any = {"toml": lexicon.read_toml.__wrapped__, "txt": lexicon.read_lines, "csv": lexicon.read_table}[name.split(".")[1]]
    with pytest.raises(lexicon.LexiconError, match=re.escape(message)):
        read(name)


def test_a_key_that_is_not_there_is_named_with_its_file() -> None:
    with pytest.raises(lexicon.LexiconError, match=r'pages\.toml \[authors\] has no key "rolls"; it has: '):
        lexicon.either("pages.toml", "authors.rolls")


@pytest.mark.parametrize("name", FILES)
def test_each_file_loads(name: str) -> None:
    read: Any = {".toml": lexicon.read_toml, ".txt": lexicon.read_lines, ".csv": lexicon.read_table}[Path(name).suffix]
    assert read(name)


# --- what uses it ------------------------------------------------------------------------------------------------------


def users(name: str) -> list[str]:
    """The modules of the package that name a file of the lexicon as a string."""
    found = []
    for path, source in SOURCES.items():
        if name in source and any(isinstance(n, ast.Constant) and n.value == name for n in ast.walk(ast.parse(source))):
            found.append(".".join(path.relative_to(FLOWS).with_suffix("").parts).removesuffix(".__init__"))
    return found


@pytest.mark.parametrize("name", FILES)
def test_each_file_says_what_uses_it_and_whether_weights_were_trained_on_it(name: str) -> None:
    head = [line for line in (LEXICON / name).read_text("utf-8").splitlines()[:16] if line.startswith("#")]
    by = next((line for line in head if line.startswith("# Used by: ")), "")
    assert by == f"# Used by: {', '.join(users(name))}"
    weights = next((line for line in head if line.startswith("# Weights: ")), "")
    trained = "model.hints" in users(name) or name == "titles.toml"  # qantar.model.hints feeds the network
    assert weights.startswith("# Weights: the language model was trained on" if trained else "# Weights: none")


def test_each_key_is_read() -> None:
    read: set[str] = set()
    for source in SOURCES.values():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                read |= {node.value, *node.value.split(".")}
            elif isinstance(node, ast.Attribute):
                read.add(node.attr)
    unread = [place for name in FILES if name.endswith(".toml") for place, key in keys(name) if key not in read]
    assert unread == []


def keys(name: str) -> Iterator[tuple[str, str]]:
    """The keys of a TOML file that code asks for by name, with their places."""

    def inside(table: dict[str, Any], place: str) -> Iterator[tuple[str, str]]:
        for key, value in table.items() if place not in DATA_TABLES else ():
            yield f"{place} {key}", key
            if isinstance(value, dict):
                yield from inside(value, f"{place} {key}")

    yield from inside(tomllib.loads((LEXICON / name).read_text("utf-8")), name)


def test_each_macro_is_used() -> None:
    rules = (LEXICON / "boilerplate.toml").read_text("utf-8")
    code = "".join(SOURCES.values())
    unused = [
        m for m in lexicon.read_toml("boilerplate.toml")["macros"] if f"{{{m}}}" not in rules and not re.search(rf"""["']{m}["']""", code)
    ]
    assert unused == []


def test_nobody_reads_the_lexicon_past_its_loader() -> None:
    past = [
        str(path.relative_to(FLOWS))
        for path, source in SOURCES.items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Div)
        and isinstance(node.right, ast.Constant)
        and node.right.value == "lexicon"
    ]
    assert past == ["text/lexicon.py"]


# --- words in code -----------------------------------------------------------------------------------------------------


@cache
def vocabulary() -> frozenset[str]:
    """English words in small letters: those of WordNet and the lexicon's function words."""
    found: set[str] = set()
    for name in ("index", "exc"):
        with gzip.open(FLOWS / "model" / "wordnet" / f"en_lemma_{name}.json.gz") as file:
            found |= {word.lower() for words in json.load(file).values() for word in words if len(word) > 2}
    return frozenset(found | {word.lower() for word in lexicon.read_lines("function_words.txt")} | {"said", "says", "told", "may"})


def is_english(word: str) -> bool:
    """Whether a word, or what an ending was added to, is in the vocabulary."""
    low = word.lower()
    forms = {low, *(low.removesuffix(end) for end in ("s", "es", "ed", "d", "ing", "ly") if len(low) > len(end) + 2)}
    return not forms.isdisjoint(vocabulary())


@cache
def own_names() -> frozenset[str]:
    """Names of our own: members of Literals and enumerations, columns, keys of the lexicon, values of the columns of cues."""
    found: set[Any] = set()
    for source in SOURCES.values():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal":
                found |= {n.value for n in ast.walk(node.slice) if isinstance(n, ast.Constant)}
            elif isinstance(node, ast.ClassDef):
                found |= {n.value.value for n in node.body if isinstance(n, ast.Assign) and isinstance(n.value, ast.Constant)}
    for name in FILES:
        if name.endswith(".toml"):
            found |= {part for place, _ in keys(name) for part in place.split()[1:]}
            found |= {part for table in DATA_TABLES for part in table.split()[1:]}
            found |= {key for table in ("nexis", "proquest", "factiva") for key in archive_fields(table)}
    for table, columns in (("cues.csv", ("attitude", "frames")), ("cue_nouns.csv", ("attitude",)), ("places.csv", ())):
        rows = lexicon.read_table(table)
        found |= {*rows[0], *(value for row in rows for column in columns for value in row[column].split())}
    return frozenset(word for word in found if isinstance(word, str))


def archive_fields(name: str) -> Iterator[str]:
    """Our names of the fields of an archive's exports."""
    for key, value in lexicon.read_toml("newspaper_archives.toml")[name].items():
        yield key
        if isinstance(value, dict):
            yield from value


def words_in_code(path: Path) -> Iterator[tuple[int, str]]:
    """English words of lists in a module: of tuples, lists, sets, keys of dictionaries, and alternatives of regular expressions.

    Lists of one word are none. What names something of ours is no word of the language.
    """
    tree = ast.parse(SOURCES[path])
    ours = {*own_names(), *WRITTEN["html"], *ENDINGS, *WRITTEN["allowed"].get(str(path.relative_to(FLOWS)), ())}
    for node in ast.walk(tree):
        names: dict[str, Any] = {
            "id": ast.Name,
            "attr": ast.Attribute,
            "arg": (ast.arg, ast.keyword),
            "name": (ast.FunctionDef, ast.ClassDef),
        }
        ours |= {getattr(node, field) for field, kinds in names.items() if isinstance(node, kinds) and getattr(node, field)}
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            ours |= set(re.findall(r"\(\?P<(\w+)>", node.value))
    for node in ast.walk(tree):
        listed: list[str] = []
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            listed = [n.value for n in node.elts if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        elif isinstance(node, ast.Dict):
            listed = [n.value for n in node.keys if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args:
            for part in patterns(node.args[0]):
                found = [w for w in alternatives(part) if w not in ours and is_english(w)]
                yield from ((node.lineno, word) for word in found)
        if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict):
            plain = [v.strip() for v in listed if re.fullmatch(r"[A-Za-z][A-Za-z' -]+", v.strip()) and v not in ours and not v.isupper()]
            found = [v for v in plain if all(is_english(word) and word not in ENDINGS for word in v.split()) and not set(v.split()) <= ours]
            if len(found) > 1:
                yield from ((node.lineno, word) for word in found)


def patterns(node: ast.AST) -> Iterator[str]:
    """The strings of an expression that makes a pattern, but for those that name something in the lexicon."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield re.sub(r"#.*", "", node.value) if "\n" in node.value else node.value
    elif not isinstance(node, ast.Subscript | ast.Call):
        for child in ast.iter_child_nodes(node):
            yield from patterns(child)


def alternatives(pattern: str) -> Iterator[str]:
    """The words between which a pattern chooses: `in`, `at` of `(?:in|at) the`."""
    plain = re.sub(r"\(\?P<\w+>|\(\?P=\w+\)|\(\?[a-zA-Z-]*[:)]|\(\?<?[=!]|\[[^\]]*\]|\\.", "(", pattern)
    for group in re.findall(r"[^()]*\|[^()]*", plain):
        branches = [re.match(r"\s*([A-Za-z]{2,})", branch) for branch in group.split("|")]
        words = [branch[1] for branch in branches if branch]
        if len(words) > 1:
            yield from words


LANGUAGE_ROOMS = [p for p in SOURCES if p.relative_to(FLOWS).parts[0] in ("stages", "text", "model") and "training" not in p.parts]


@pytest.mark.parametrize("path", LANGUAGE_ROOMS, ids=lambda path: str(path.relative_to(FLOWS)))
def test_words_of_the_language_stand_in_the_lexicon(path: Path) -> None:
    assert list(words_in_code(path)) == []


def test_the_check_of_words_in_code_finds_them(monkeypatch: pytest.MonkeyPatch) -> None:
    path = FLOWS / "stages" / "invented.py"
    lists = 'A = ("whereas", "although")\nB = {"since": 1, "until": 2}\nC = ("body", "title")'
    code = f'import re\n{lists}\nD = re.compile(r"(?:beside|outside) \\w+")\n'
    monkeypatch.setitem(SOURCES, path, code)
    assert [word for _, word in words_in_code(path)] == ["whereas", "although", "since", "until", "beside", "outside"]
