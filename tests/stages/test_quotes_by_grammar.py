"""What the trees of the language model add to the rules for quotes: clauses, their ends, and whose words they are."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from qantar.schema import Document, Label, Quote, Sentence
from qantar.stages.quotes import find_quotes
from qantar.stages.quotes.grammar import Tree as Grammar
from qantar.stages.quotes.packed_trees import pack_tree, unpack_tree
from tests.handmade import Passage
from tests.stages.annotated import annotated
from tests.stages.trees import tree_of

Tree = Callable[[Document, list[Sentence]], Doc]
NEWS = sorted((Path(__file__).parent / "news").glob("*.toml"))
NAMES: dict[str, Label] = {"Ann Lee": "PERSON", "Tom Ray": "PERSON", "Lee": "PERSON", "Norland": "GPE", "Harbour Council": "ORG"}


def quotes_of(*paragraphs: Passage, names: dict[str, Label] = NAMES, tree: Tree = tree_of) -> list[Quote]:
    """The quotes of a document of paragraphs, by the rules and the model's trees, which are stored."""
    document, blocks, sentences, mentions = annotated(*paragraphs, names=names)
    doc = tree(document, sentences)
    asked: set[tuple[int, int]] = set()
    quotes = find_quotes(doc, document, blocks, sentences, mentions, asked)
    if whole := Grammar.of(doc, document.text):  # as it is kept for corrections
        packed = pack_tree(whole, asked)
        assert vars(unpack_tree(packed, document.text)) == vars(whole)
        rest = [mention for mention in mentions if packed.asks([mention], ())]
        assert len(rest) == len(mentions) or find_quotes(doc, document, blocks, sentences, rest) == quotes
    for quote in quotes:
        assert quote.text == " ".join(document.text[a:b] for a, b in quote.segments)
    return quotes


@pytest.mark.parametrize("path", NEWS, ids=lambda path: path.stem)
def test_a_news_text_gives_its_quotes_and_no_others(path: Path) -> None:
    news = tomllib.loads(path.read_text("utf-8"))
    found = quotes_of(*news["text"].strip().split("\n\n"), names=news["names"])
    said = [[q.kind, q.speaker, q.text] for q in found if q.kind != "unattributed"]
    assert [row for row in news["quotes"] if row not in said] == []
    assert [row for row in said if row not in news["quotes"] and row[2] not in news["either"]] == []


@pytest.mark.parametrize(
    ("text", "speaker", "words"),
    [
        # how far it goes
        ("The plan, Ann Lee said, failed because nobody paid for it.", "Ann Lee", "The plan failed because nobody paid for it"),
        ("While he's said he will fight to the end, Tom Ray must decide soon.", "he", "he will fight to the end"),
        ("Having announced that the plan had failed, Ann Lee left the room.", "Ann Lee", "the plan had failed"),
        ("Unless the town pays, the engineers say, the bridge could fall.", "the engineers", "Unless the town pays the bridge could fall"),
        ("We will meet next week, Ann Lee said, adding, “They need to sit down with us.”", "Ann Lee", "We will meet next week"),
        ("We will meet next week, Ann Lee said, adding that they need to talk.", "Ann Lee", "We will meet next week"),
        ("Ann Lee, who calls the plan a “trap,” said she doubts that it will last.", "Ann Lee", "she doubts that it will last"),
        ("Tom Ray said the plan was made by Ann Lee and said, “Who pays for it?”", "Tom Ray", "the plan was made by Ann Lee"),
        ("PARIS (AP) — The plan will fail this year, the Harbour Council reported.", "Harbour Council", "The plan will fail this year"),
        ("NATO — the old alliance — has failed, Ann Lee said.", "Ann Lee", "NATO — the old alliance — has failed"),
        # whose words they are
        ("The Lee campaign said the plan had failed.", "The Lee campaign", "the plan had failed"),
        ("He met Tom Ray, and the mayor laughed and said the plan had failed.", "the mayor", "the plan had failed"),
        ("Four in ten said they would stay at home.", "Four in ten", "they would stay at home"),
        ("Ann Lee, who lost her house in the fire, said that the plan had failed.", "Ann Lee", "the plan had failed"),
        ("The council fell silent a day after the mayor said the plan had failed.", "the mayor", "the plan had failed"),
        ("The Harbour Council released a statement saying the plan had failed.", "Harbour Council", "the plan had failed"),
        ("On this they lean left: 42% say they like the plan.", "42%", "they like the plan"),
        ("About three in ten said they like it, but six in ten said they fear it.", "About three in ten", "they like it"),
        (
            "The plan is a gift to the town, said a handful of workers who point to its cost.",
            "a handful of workers",
            "The plan is a gift to the town",
        ),
        ("Rep. Ann Lee, R-Norl., appearing in Norland after the speech, said the plan had failed.", "Ann Lee", "the plan had failed"),
        ("The plan has failed, his aide, Tom Ray, told the Harbour Council.", "Tom Ray", "The plan has failed"),
        ("The mayor said the plan will fail on Monday, the Harbour Council reported.", "The mayor", "the plan will fail on Monday"),
        ("“We left,” he said, with Ann Lee calling the protesters bandits and liars.", "Ann Lee", "the protesters bandits and liars"),
        ("Tom Ray, a painter who has refused to back the plan, said the town deserved better.", "who", "to back the plan"),
        ("Tom Ray has taken a tough line, calling people bandits and liars.", "Tom Ray", "people bandits and liars"),
        ("Ann Lee called the plan lawful.", "Ann Lee", "the plan lawful"),
        ("Many workers see the plan as a gift to the rich.", "Many workers", "the plan as a gift to the rich"),
        ("The researchers found that the plan had failed.", "The researchers", "the plan had failed"),
        ("A new poll shows Ann Lee leading by two points.", "A new poll", "Ann Lee leading by two points"),
        ("Ann Lee has not endorsed the plan and has left the party.", "Ann Lee", "the plan"),
        (
            "When asked by a reporter whether this differed from the past, Ann Lee shrugged.",
            "a reporter",
            "whether this differed from the past",
        ),
        ("The plan is a gift to the town, Ann Lee told the workers as she left.", "Ann Lee", "The plan is a gift to the town"),
        # nobody's
        ("The mayor has been criticized for taking their money.", None, "The mayor for taking their money"),
        ("The mayor was asked if she had ever seen the plan.", None, "if she had ever seen the plan"),
        ("The talks are expected to fail.", None, "The talks to fail"),
        ("The workers were told by Ann Lee that the plan had failed.", "Ann Lee", "the plan had failed"),
        # cues that are no verbs
        ("Her claim that the plan had failed angered the town.", "Her", "the plan had failed"),
        ("Tom Ray repeated his claim that the plan had failed.", "Tom Ray", "the plan had failed"),
        ("The minister voiced fears that the plan would fail.", "The minister", "the plan would fail"),
        ("The minister voiced concern about the cost of the plan.", "The minister", "the cost of the plan"),
        ("The workers are confident that the plan will work.", "The workers", "the plan will work"),
    ],
)
def test_grammar_tells_what_is_reported_and_whose_it_is(text: str, speaker: str | None, words: str) -> None:
    assert (speaker, words) in [(q.speaker, q.text) for q in quotes_of(text) if q.kind == "indirect"]


def test_what_follows_an_apposition_to_a_reported_subject_is_reported() -> None:
    team = "his team had been “second best” and that the referee, Paolo Venn, had a “bad night”"
    quotes = quotes_of("Coach on defeat", f"Coach Dimitri Kollias said {team}. Venn's union called the remark “unfair and dangerous”.")
    assert team in [q.text for q in quotes]


@pytest.mark.parametrize(
    ("text", "speaker", "words", "cue"),
    [
        ("“You are wrong about that,” Ann Lee thundered back.", "Ann Lee", "You are wrong about that,", "thundered"),
        ("Asked about the plan, he faltered: “I have not read it yet.”", "he", "I have not read it yet.", "faltered"),
        (
            "“We have no money left for that,” the mayor fibbed. “None at all.”",
            "the mayor",
            "We have no money left for that, None at all.",
            "fibbed",
        ),
        ("Lee supporters stopped her speech, shouting “we want our town back!”", "Lee supporters", "we want our town back!", "shouting"),
        (
            "Tom Ray shared a list of the books, writing “This is all that I have read.”",
            "Tom Ray",
            "This is all that I have read.",
            "writing",
        ),
        ("Tom Ray was asked, “What do you want from us?”", None, "What do you want from us?", "asked"),
    ],
)
def test_a_verb_that_is_no_cue_tells_a_quotation_beside_it(text: str, speaker: str | None, words: str, cue: str) -> None:
    (quote,) = quotes_of(text)
    assert (quote.kind, quote.speaker, quote.text, quote.cue) == ("direct", speaker, words, cue)


@pytest.mark.parametrize(
    "text", ["Tom Ray edits “Voices of the Old Harbour” for the council.", "In “Voices of the Old Harbour,” Ann Lee dances."]
)
def test_a_verb_beside_a_title_tells_nothing(text: str) -> None:
    assert [q.kind for q in quotes_of(text)] == ["unattributed"]


@pytest.mark.parametrize(
    "text",
    [
        "The reports of the states and the claims of the others are long.",
        "Tom Ray saw a film called “Home” with a man accused of murder.",
        "The unrest revealed no sign of an end.",
        "Russia wants peace, and Norland supports it.",
        "The unrest showed that the town is poor, and she called her mother twice.",
        "The council called an election for October, and Tom Ray called the police.",
        "Ann Lee saw the fire and found her keys.",
    ],
)
def test_nouns_participles_and_things_report_nothing(text: str) -> None:
    assert [q.text for q in quotes_of(text) if q.kind != "unattributed"] == []


@pytest.mark.parametrize(
    ("report", "speaker", "words"),
    [
        ("The mayor said that the plan had failed.", "The mayor", "the plan had failed"),
        ("The council was weak, with Tom Ray calling the protesters bandits and liars.", "Tom Ray", "the protesters bandits and liars"),
        ("“We will stay in the town,” Tom Ray said.", "Tom Ray", "We will stay in the town,"),
    ],
)
def test_what_others_are_said_to_say_stands_inside_the_turn_of_who_tells_it(report: str, speaker: str, words: str) -> None:
    turn, inner = quotes_of(("speaker_heading", "Opinion by Ann Lee:"), f"It began in the harbour. {report} I doubt that it helped.")
    assert (turn.kind, turn.speaker) == ("block", "Ann Lee")
    assert (inner.speaker, inner.text, inner.parent_quote_id) == (speaker, words, turn.quote_id)


def test_what_a_speaker_is_said_to_fear_is_part_of_what_is_said() -> None:
    quotes = quotes_of("Ann Lee said she feared that the plan had failed.")
    assert [(q.speaker, q.text) for q in quotes] == [("Ann Lee", "she feared that the plan had failed")]


def test_a_pipeline_without_trees_leaves_the_rules_of_the_surface() -> None:
    import spacy

    text = "Ann Lee said that the plan had failed."
    document, blocks, sentences, mentions = annotated(text, names=NAMES)
    for doc in (None, spacy.blank("en")(text)):
        assert [(q.speaker, q.text) for q in find_quotes(doc, document, blocks, sentences, mentions)] == [
            ("Ann Lee", "the plan had failed")
        ]


_WORDS = [
    "Ann",
    "Lee",
    "said",
    "that",
    "which",
    "was",
    "told",
    "by",
    "asked",
    "whether",
    ",",
    ".",
    "“",
    "”",
    "«",
    ":",
    "the",
    "plan",
    "failed",
    ",",
    "expected",
    "to",
    "claim",
    "fears",
    "an",
    "hour",
    "ago",
    "47%",
    "\xa0",
    "—",
    "according",
]


_RELATIONS = [
    *("nsubj", "nsubj:pass", "aux:pass", "obj", "obl", "obl:agent", "nmod", "nmod:poss", "ccomp", "xcomp", "advcl", "acl", "acl:relcl"),
    *("conj", "cc", "mark", "advmod", "aux", "det", "amod", "appos", "parataxis", "punct", "case", "dep"),
]
BLANK = spacy.blank("en")
_POS = ["VERB", "VERB", "AUX", "NOUN", "PROPN", "PRON", "ADJ", "ADV", "ADP", "DET", "PUNCT", "PART", "SCONJ", "NUM", "SPACE"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(_WORDS), max_size=16).map(" ".join), min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_any_tree_gives_quotes_whose_offsets_hold(paragraphs: list[str], random: Random) -> None:
    def drawn(document: Document, _: list[Sentence]) -> Doc:
        doc = BLANK(document.text)
        order = random.sample(range(len(doc)), len(doc))
        heads = {word: random.choice(order[:n]) if n else word for n, word in enumerate(order)}
        relations = [random.choice(_RELATIONS) if heads[i] != i else "ROOT" for i in range(len(doc))]
        spaces = [bool(token.whitespace_) for token in doc]
        pos = [random.choice(_POS) for _ in doc]
        return Doc(doc.vocab, [t.text for t in doc], spaces, heads=[heads[i] for i in range(len(doc))], deps=relations, pos=pos)

    for quote in quotes_of(*paragraphs, tree=drawn):  # which proves the offsets of each
        assert 0 <= quote.score <= 1
        assert quote.segments == sorted(quote.segments)


def test_a_tree_that_hangs_earlier_words_on_a_passive_cue_makes_no_quote_that_runs_backwards() -> None:
    words = ["Talks", "to", "be", "held", "only", "if", "the", "state", "was", "expected", "."]
    heads = [3, 3, 3, 9, 3, 9, 7, 9, 9, 9, 9]
    deps = ["nsubj", "mark", "aux:pass", "xcomp", "advmod", "mark", "det", "nsubj:pass", "aux:pass", "ROOT", "punct"]
    pos = ["NOUN", "PART", "AUX", "VERB", "ADV", "SCONJ", "DET", "NOUN", "AUX", "VERB", "PUNCT"]
    doc = Doc(spacy.blank("en").vocab, words, [*[True] * 9, False, False], heads=heads, deps=deps, pos=pos)
    document, blocks, sentences, mentions = annotated(doc.text, names={})
    for quote in find_quotes(doc, document, blocks, sentences, mentions):
        assert quote.segments == sorted(quote.segments)
        assert (quote.start, quote.end) == (quote.segments[0][0], quote.segments[-1][1])
