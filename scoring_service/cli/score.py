"""ocop score, compare and convert: dossiers in, results or messages out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from google.protobuf import json_format
from ocop import InvalidDossierError, NoEditionError, NotFoundError, ScoringClient, ScoringError, UnavailableError
from ocop.scoring.v1 import scoring_pb2 as pb
from rich.console import Console
from rich.progress import track

from scoring_service.cli.common import (
    BAD_INPUT,
    OK,
    Commands,
    Parents,
    UsageError,
    foreign,
    plain,
    print_json,
    renderer,
    voice_of,
)
from scoring_service.cli.result import Result
from scoring_service.cli.round import RoundTable
from scoring_service.cli.shown import Shown, told
from scoring_service.dossier_files import DossierFile
from scoring_service.engine.admit import DossierError
from scoring_service.engine.compare import Side, compare
from scoring_service.engine.dossier import DOSSIER_FIELDS, SHEET_FIELDS, SheetKind
from scoring_service.engine.engine import Assessment, Engine
from scoring_service.engine.texts import closed_words
from scoring_service.plaintext import parse_day
from scoring_service.problems import Problem, Problems
from scoring_service.rulebook.library import load_rulebook
from scoring_service.service.answers import assessment_to_pb, compared_to_pb
from scoring_service.service.requests import Wanted, dossier_from_pb, dossier_to_pb
from scoring_service.telling.report import side_title
from scoring_service.telling.teller import Teller

_MANY = 20


@dataclass(frozen=True, slots=True)
class Scored:
    """One file: its result, or what is wrong with it."""

    path: Path
    result: Result | None
    problems: Sequence[Shown] = ()


def add(commands: Commands, parents: Parents) -> None:
    """The commands that score dossiers."""
    kinds = [kind.value for kind in SheetKind if kind is not SheetKind.AGREED]
    scoring = commands.add_parser("score", parents=[parents.common], help=parents.said("score"))
    scoring.add_argument("files", nargs="+", type=Path, metavar="FILE")
    scoring.add_argument("--json", action="store_true")
    scoring.add_argument("--verdict", action="store_true")
    scoring.add_argument("--details", action="store_true")
    scoring.add_argument("--full", action="store_true")
    scoring.add_argument("--sheets", choices=kinds, default=SheetKind.COUNCIL.value)
    scoring.add_argument("--edition", default="")
    scoring.add_argument("--server", metavar="ADDR")
    scoring.set_defaults(run=score_files)

    compared = commands.add_parser("compare", parents=[parents.common], help=parents.said("compare"))
    compared.add_argument("left", type=Path, metavar="A")
    compared.add_argument("right", type=Path, nargs="?", metavar="B")
    for side in ("left", "right"):
        compared.add_argument(f"--{side}", dest=f"{side}_sheets", choices=kinds, default="council")
    compared.add_argument("--json", action="store_true")
    compared.set_defaults(run=compare_files)

    converted = commands.add_parser("convert", parents=[parents.common], help=parents.said("convert"))
    converted.add_argument("file", type=Path, metavar="FILE")
    converted.add_argument("--back", action="store_true")
    converted.set_defaults(run=convert_file)


def score_files(args: argparse.Namespace) -> int:
    """``ocop score``."""
    _need_files(args.files, voice_of(args))
    if args.server and (args.verdict or args.sheets != SheetKind.COUNCIL):
        raise UsageError(voice_of(args).sentence("ONLY_HERE"))
    files: Sequence[Path] = args.files
    shown = (
        track(files, "…", console=Console(stderr=True), transient=True)
        if len(files) > _MANY and sys.stderr.isatty()
        else files
    )
    if args.verdict:
        return _verdicts(args, files)
    results = _remote(args, shown) if args.server else _local(args, shown)
    out, err = renderer(args, sys.stdout), renderer(args, sys.stderr)
    each, table, worst = args.details or args.full or len(files) == 1, RoundTable(voice_of(args)), OK
    for one in results:
        if one.result is None or one.result.message.status == pb.ASSESSMENT_STATUS_INCOMPLETE:
            worst = BAD_INPUT
        if one.problems:
            err.problems(one.problems, str(one.path))
        if args.json:
            _print_json(one)
        elif one.result is None:
            table.add_wrong(one.path.name, len(one.problems), one.problems[0].text)
        else:
            table.add(one.result)
            if each:
                out.assessment(one.result, full=args.full)
    if len(files) > 1 and not args.json:
        renderer(args, sys.stdout, wide=True).blocks(table.blocks())
    return worst


def _print_json(one: Scored) -> None:
    if one.result is not None:
        print_json({"file": str(one.path), **plain(one.result.message)})
    else:
        print_json({"file": str(one.path), "error": {"problems": [p.json() for p in one.problems]}})


def compare_files(args: argparse.Namespace) -> int:
    """``ocop compare``."""
    sides = (("left", args.left), ("right", args.right or args.left))
    to = voice_of(args)
    _need_files((path for _, path in sides), to)
    engine = Engine(load_rulebook(args.rules))
    found: list[Assessment] = []
    wrong: dict[Path, Sequence[Problem]] = {}
    for side, path in sides:
        try:
            found.append(_assess(engine, DossierFile(path), SheetKind(getattr(args, f"{side}_sheets"))))
        except DossierError as error:
            wrong[path] = error.problems
    for path, problems in wrong.items():
        renderer(args, sys.stderr).problems(told(problems, to), str(path))
    if wrong:
        return BAD_INPUT
    left, right = found
    both = compare(left, right, _file_names(*(path for _, path in sides)))
    response = compared_to_pb(both, (to.language,))
    if args.json:
        print_json(plain(response))
    else:
        titles = [side_title(to, both, side) for side in Side]
        renderer(args, sys.stdout).comparison(response, titles, [a.case.product_name for a in found])
    incomplete = any(a.verdict.total is None for a in found)
    return BAD_INPUT if incomplete else OK


def _file_names(one: Path, other: Path) -> tuple[str, str]:
    """Short where that tells them apart."""
    return (one.name, other.name) if one.name != other.name else (str(one), str(other))


def convert_file(args: argparse.Namespace) -> int:
    """``ocop convert``: a dossier file as the request of Score in protobuf JSON, or such a request as a dossier file."""
    to, err = voice_of(args), renderer(args, sys.stderr)
    _need_files([args.file], to)
    if args.back:
        try:
            request = json_format.Parse(args.file.read_text(encoding="utf-8"), pb.ScoreRequest())
        except UnicodeDecodeError as error:
            raise UsageError(f"{foreign(args.file)}: {to.problem(Problem('ENCODING'))}") from error
        except json_format.ParseError as error:
            said = to.sentence(
                "NOT_A_SCORE_REQUEST", file=foreign(args.file), said=foreign(" ".join(str(error).split()))
            )
            raise UsageError(said) from error
        return print_json(_plain_dossier(request.dossier), indent=2)
    try:
        file = DossierFile(args.file)
        wrong = _wrong(file)
    except DossierError as error:
        wrong = error.problems
    if wrong:
        err.problems(told(wrong, to), str(args.file))
        return BAD_INPUT
    request = pb.ScoreRequest(dossier=dossier_to_pb(file.dossier))
    return print_json(json_format.MessageToDict(request), indent=2)


def _plain_dossier(message: pb.Dossier) -> dict[str, object]:
    """The shape of a dossier file."""
    dossier = dossier_from_pb(message)
    document: dict[str, object] = {}
    for one in DOSSIER_FIELDS:
        value = getattr(dossier, one.name)
        if value not in ("", None):
            group, _, key = one.path.rpartition(".")
            holder = document.setdefault(group, {}) if group else document
            holder[key] = value  # type: ignore[index]
    document["facts"] = {name: stated.text or "unknown" for name, stated in dossier.facts.items()}  # type: ignore[union-attr]
    document["sheets"] = [
        {f.key: value for f in SHEET_FIELDS if (value := getattr(sheet, f.name)) not in ("", None)}
        | {"answers": dict(sheet.answers)}
        for sheet in dossier.sheets
    ]
    return document


def _verdicts(args: argparse.Namespace, files: Iterable[Path]) -> int:
    """The canonical form of each verdict, one to a line."""
    engine, to, worst = _engine(args), voice_of(args), OK
    for path in files:
        try:
            print(_assess(engine, DossierFile(path), edition=args.edition).verdict.canonical().decode())
        except DossierError as error:
            renderer(args, sys.stderr).problems(told(error.problems, to), str(path))
            worst = BAD_INPUT
    return worst


def _engine(args: argparse.Namespace) -> Engine:
    rulebook = load_rulebook(args.rules)
    if args.edition and args.edition not in rulebook.editions:
        raise UsageError(voice_of(args).problem(rulebook.no_edition(args.edition)))
    return Engine(rulebook)


def _assess(
    engine: Engine, file: DossierFile, counting: SheetKind = SheetKind.COUNCIL, edition: str = ""
) -> Assessment:
    """The assessment of a file. Every problem is told with its line.

    Raises:
        DossierError: with the problems of the file's form and of its content.
    """
    dossier = replace(file.dossier, edition=edition or file.dossier.edition)
    try:
        case = engine.admit(dossier, counting, file.problems)
    except DossierError as error:
        raise DossierError(file.located(error.problems)) from error
    return Assessment(case, engine.decide(case))


def _local(args: argparse.Namespace, files: Iterable[Path]) -> Iterator[Scored]:
    engine, to = _engine(args), voice_of(args)
    wanted = Wanted(pb.EXPLAIN_LEVEL_SHEET, (to.language,))
    for path in files:
        try:
            file = DossierFile(path)
            message = assessment_to_pb(_assess(engine, file, SheetKind(args.sheets), args.edition), wanted)
            yield Scored(path, _result(file, message, SheetKind(args.sheets)))
        except DossierError as error:
            yield Scored(path, None, told(error.problems, to))


def _remote(args: argparse.Namespace, files: Iterable[Path]) -> Iterator[Scored]:
    to = voice_of(args)
    with ScoringClient(args.server, languages=(to.language,)) as client:
        for path in files:
            try:
                file = DossierFile(path)
                dossier = replace(file.dossier, edition=args.edition or file.dossier.edition)
                message = client.score(dossier_to_pb(dossier), explain=pb.EXPLAIN_LEVEL_SHEET)
                wrong = _wrong(file)
                yield Scored(path, None if wrong else _result(file, message), told(wrong, to))
            except DossierError as error:
                yield Scored(path, None, told(error.problems, to))
            except (InvalidDossierError, NotFoundError, NoEditionError) as error:
                yield Scored(path, None, _from_server(file, error, to))
            except ScoringError as error:
                raise UsageError(_said_by(args.server, error, to)) from error


def _result(file: DossierFile, message: pb.Assessment, by: SheetKind = SheetKind.COUNCIL) -> Result:
    """A result with what stands in its file."""
    dossier = file.dossier
    heading = dossier.product_name or str(file.path)
    return Result(message, heading, file.path.name, parse_day(dossier.decided_on), by)


def _said_by(server: str, error: ScoringError, to: Teller) -> str:
    """Why a call failed: what the service says, in our language where it has it; else what gRPC says."""
    if isinstance(error, UnavailableError) and not error.violations:
        return to.sentence("SERVER_SILENT", server=foreign(server), details=foreign(error))
    said = foreign("; ".join(v.texts.get(to.language) or v.text for v in error.violations) or error)
    code = "SERVER_SAYS_TO_REQUEST" if error.request_id else "SERVER_SAYS"
    return to.sentence(code, server=foreign(server), said=said, request=foreign(error.request_id))


def _from_server(file: DossierFile, error: ScoringError, to: Teller) -> list[Shown]:
    """What the service found wrong, and what the file has wrong that cannot be sent, with the lines of the file."""
    ours = _wrong(file)
    known = {(p.path, p.code) for p in ours}
    texts = {(v.field, v.code): v.texts.get(to.language) or v.text for v in error.violations}
    theirs = [Problem(v.code, {}, v.field) for v in error.violations if (v.field, v.code) not in known]
    found = [
        Shown.of(p, to.problem(p) if (p.path, p.code) in known else texts[p.path, p.code])
        for p in file.located([*ours, *theirs])
    ]
    if error.left_out:
        found += told([Problem("TOO_MANY_PROBLEMS", {"listed": len(found)})], to)
    return found or [Shown("SERVER", str(error), "", "", 0, 0, "")]


def _wrong(file: DossierFile) -> list[Problem]:
    """What a file has wrong that no request can carry: its form, and words that are none of a closed list."""
    return file.located(Problems([*file.problems, *closed_words(file.dossier)]))


def _need_files(paths: Iterable[Path], to: Teller) -> None:
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        raise UsageError(to.sentence("NO_FILES", files=foreign(", ".join(missing))))
