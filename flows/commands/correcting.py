"""Commands that correct rows, measure how many are wrong, and pass them to annotation tools and back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from qantar.commands.arguments import Out, Raw
from qantar.settings import QantarError
from qantar.text.plurals import counted


def correct(
    table: Annotated[str, typer.Argument(help="documents, blocks, sentences, mentions, quotes, duplicates or entities.")] = "",
    field: Annotated[str, typer.Argument(help="What is wrong: a column, or delete, add, split, join, merge, joined, apart.")] = "",
    value: Annotated[str, typer.Argument(help="What is right.")] = "",
    row: Annotated[str | None, typer.Option(help="Id of the row in the latest build; it fills in the four options below.")] = None,
    document: Annotated[str, typer.Option(help="The article: id, path under raw/ or address.")] = "",
    start: Annotated[int | None, typer.Option(min=0, help="Where the words start in the article's text.")] = None,
    end: Annotated[int | None, typer.Option(min=1, help="Where they end, exclusive.")] = None,
    text: Annotated[str, typer.Option(help="The words, or the value, that stand there now.")] = "",
    by: Annotated[str, typer.Option(help="Who makes the correction.")] = "",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    undo: Annotated[int | None, typer.Option(min=2, help="Remove this line of corrections.csv instead.")] = None,
    raw: Raw = Path("raw"),
    out: Out = Path("processed"),
) -> None:
    """Correct a row for this and all later builds: adds a checked line to raw/corrections.csv."""
    from qantar.corrections.corrections_file import cells_of, line_of_fix
    from qantar.publish.row_corrections import correct_row, remove_line

    if undo is not None:
        typer.echo(f"{raw / 'corrections.csv'}: line {undo} removed; the next build is made without it:\n{remove_line(raw, undo)}")
        return
    places = {name: "" if place is None else str(place) for name, place in (("start", start), ("end", end))}
    today = datetime.now(UTC).date().isoformat()
    cells = {"document": document, "table": table, "text": text, "field": field, "value": value, "by": by, "on": today, "reason": reason}
    fix, is_new = correct_row(raw, out / "latest", cells | places, row)
    said = "added; run qantar build to apply it" if is_new else "the file has this line already"
    typer.echo(f"{raw / 'corrections.csv'}: {said}\n{line_of_fix(cells_of(fix)).rstrip()}")


def audit(
    sheet: Annotated[Path, typer.Argument(help="The sheet to judge: a .csv for a spreadsheet.")] = Path("audit.csv"),
    rows: Annotated[int, typer.Option("-n", "--rows", min=5, help="Rows of each layer, about.")] = 100,
    seed: Annotated[int, typer.Option(help="Another seed draws other rows.")] = 1,
    score: Annotated[bool, typer.Option("--score", help="Estimate error rates of the whole corpus from the judged sheet.")] = False,
    other: Annotated[Path | None, typer.Option(help="With --score: another person's sheet, for Cohen's kappa and disagreements.")] = None,
    width: Annotated[float | None, typer.Option(min=0.005, max=1, help="With --score: rows that an interval this wide needs.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="With --score: write the figures to raw/audit.csv, for later builds.")] = False,
    correct_rows: Annotated[bool, typer.Option("--correct", help="With --score: write wrong rows to raw/corrections.csv.")] = False,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="With --score: fit the scores of quotes to this corpus, in raw/calibration.csv.")
    ] = False,
    raw: Raw = Path("raw"),
    out: Out = Path("processed"),
) -> None:
    """Measure the error of your own corpus: draws rows to judge, then gives precision and recall with intervals.

    Without --score the sheet is written, or added to; what was judged stays.
    """
    from qantar.quality.audit_sheet import write_sheet

    if not score:
        n, judged = write_sheet(out / "latest", sheet, rows, seed)
        typer.echo(
            f"{sheet}: {counted(n, 'row')}, {judged} judged; write right, wrong or unsure into verdict, then: qantar audit {sheet} --score"
        )
        return
    from qantar.corrections.own_folder import check_folder
    from qantar.quality.audit_report import report_audit

    if keep or correct_rows or calibrate:
        check_folder(raw, out / "latest")
    typer.echo(
        "\n".join(
            report_audit(
                sheet,
                other,
                width,
                keep=raw if keep else None,
                correct=raw if correct_rows else None,
                calibrated=raw if calibrate else None,
            )
        )
    )


def evaluate(
    gold: Path,
    build: Annotated[Path, typer.Option(help="The build to measure.")] = Path("processed/latest"),
    faults: Annotated[bool, typer.Option("--faults", help="Also list each wrong item.")] = False,
    pin: Annotated[bool, typer.Option("--pin", help="Write these items to GOLD/known_faults.csv, to compare later builds with.")] = False,
) -> None:
    """Measure precision, recall and F1 of every layer against a folder of annotated articles.

    Where GOLD holds known_faults.csv, the items lost and gained since are listed. Exit code 1 where a figure is below its floor
    or more items were lost than chance explains.
    """
    from qantar.expectations.floors import compare_faults, read_faults, write_faults
    from qantar.quality.evaluate import measure, print_compared, print_quality, problems_of

    measured = measure(build, gold)
    print_quality(measured.figures)
    if faults:
        typer.echo("\n".join(map(str, measured.faults)))
    if pin:
        typer.echo(f"{write_faults(gold, measured.faults)}: {counted(len(measured.faults), 'item')}")
    pinned = read_faults(gold)
    compared = None if pinned is None else compare_faults(pinned, measured.faults)
    if compared:
        print_compared(compared)
    if problems := problems_of(measured.figures, compared):
        raise QantarError("\n".join(f"accuracy check failed: {problem}" for problem in problems))


def export(
    destination: Annotated[Path, typer.Argument(help="The new file or folder.")],
    to: Annotated[
        Literal["docbin", "conllu", "jsonl", "brat", "label-studio", "webanno", "tei", "gold", "hf"],
        typer.Option("--to", help="The format."),
    ],
    out: Out = Path("processed"),
    document: Annotated[list[str] | None, typer.Option(help="Only the article with this id; can be repeated.")] = None,
) -> None:
    """Write the latest build for annotation tools and programs: spaCy, CoNLL-U, brat, Label Studio, INCEpTION, TEI, Hugging Face."""
    from qantar.exchange import export as write_export

    n = write_export(to, destination, out, document or [], lambda line: typer.echo(line, err=True))
    typer.echo(f"{destination}: {counted(n, 'article')}")


def import_(
    source: Annotated[Path, typer.Argument(help="What the tool exported: a file, a folder or a .zip.")],
    of: Annotated[
        Literal["brat", "label-studio", "webanno"] | None,
        typer.Option("--from", help="The format; without it, as the names of the files say."),
    ] = None,
    raw: Raw = Path("raw"),
    out: Out = Path("processed"),
    by: Annotated[str, typer.Option(help="Who edited.")] = "",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the lines; write nothing.")] = False,
) -> None:
    """Bring edits made in brat, Label Studio or INCEpTION back as lines of raw/corrections.csv.

    Exit code 1 where something in the files could not be used; the rest is written.
    """
    from qantar.exchange.import_report import report_import

    if not report_import(source, raw, out, by, reason, of, dry_run=dry_run, say=typer.echo):
        raise typer.Exit(1)
