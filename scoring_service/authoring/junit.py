"""A run of the suite as JUnit XML, which build servers read: a suite for each edition, a case for each case."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from xml.etree import ElementTree as ET

from scoring_service.authoring.trial import Trial, Tried
from scoring_service.plaintext import visible
from scoring_service.problems import Problem


def junit(trial: Trial, say: Callable[[Tried], str], tell: Callable[[Problem], str]) -> str:
    """The document; ``say`` puts what differs in a case into words, ``tell`` a problem of the suite, which is a case in error."""
    root = ET.Element("testsuites", name="ocop")
    for edition, cases in itertools.groupby(trial.cases, key=lambda case: case.edition):
        of_edition = ET.SubElement(root, "testsuite", name=edition)
        for case in cases:
            room, _, name = case.id.partition("/")
            one = _case(of_edition, f"{edition}.{room}", name, case.seconds)
            if case.differences:
                said = visible(say(case))
                failure = ET.SubElement(one, "failure", type="difference", message=said.partition("\n")[0])
                failure.text = said
    if trial.problems:
        of_suite = ET.SubElement(root, "testsuite", name="suite")
        for problem in trial.problems:
            one = _case(of_suite, "suite", f"{problem.code} {problem.where}", 0)
            ET.SubElement(one, "error", type=problem.code, message=visible(tell(problem)))
    for element in (*root, root):
        _count(element)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ET.Element, classname: str, name: str, seconds: float) -> ET.Element:
    return ET.SubElement(suite, "testcase", classname=classname, name=visible(name), time=f"{seconds:.6f}")


def _count(element: ET.Element) -> None:
    cases = list(element.iter("testcase"))
    element.set("tests", str(len(cases)))
    element.set("failures", str(len(list(element.iter("failure")))))
    element.set("errors", str(len(list(element.iter("error")))))
    element.set("time", f"{sum(float(case.get('time', 0)) for case in cases):.6f}")
