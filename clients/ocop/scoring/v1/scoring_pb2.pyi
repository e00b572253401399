from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ExplainLevel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EXPLAIN_LEVEL_UNSPECIFIED: _ClassVar[ExplainLevel]
    EXPLAIN_LEVEL_NONE: _ClassVar[ExplainLevel]
    EXPLAIN_LEVEL_FINDINGS: _ClassVar[ExplainLevel]
    EXPLAIN_LEVEL_FULL: _ClassVar[ExplainLevel]

class Status(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STATUS_UNSPECIFIED: _ClassVar[Status]
    STATUS_SCORED: _ClassVar[Status]
    STATUS_INCOMPLETE: _ClassVar[Status]
    STATUS_REJECTED: _ClassVar[Status]
    STATUS_NOT_ELIGIBLE: _ClassVar[Status]
    STATUS_DISQUALIFIED: _ClassVar[Status]
    STATUS_HALTED: _ClassVar[Status]

class Severity(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEVERITY_UNSPECIFIED: _ClassVar[Severity]
    SEVERITY_DECIDING: _ClassVar[Severity]
    SEVERITY_WARNING: _ClassVar[Severity]
    SEVERITY_INFO: _ClassVar[Severity]

class Origin(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ORIGIN_UNSPECIFIED: _ClassVar[Origin]
    ORIGIN_ASSESSOR: _ClassVar[Origin]
    ORIGIN_DERIVED: _ClassVar[Origin]
    ORIGIN_NOT_APPLICABLE: _ClassVar[Origin]

class FactKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FACT_KIND_UNSPECIFIED: _ClassVar[FactKind]
    FACT_KIND_YES_NO: _ClassVar[FactKind]
    FACT_KIND_PERCENT: _ClassVar[FactKind]
    FACT_KIND_COUNT: _ClassVar[FactKind]
    FACT_KIND_CHOICE: _ClassVar[FactKind]

class Effect(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EFFECT_UNSPECIFIED: _ClassVar[Effect]
    EFFECT_REJECT: _ClassVar[Effect]
    EFFECT_NOT_ELIGIBLE: _ClassVar[Effect]
    EFFECT_DISQUALIFY: _ClassVar[Effect]
    EFFECT_HALT: _ClassVar[Effect]
EXPLAIN_LEVEL_UNSPECIFIED: ExplainLevel
EXPLAIN_LEVEL_NONE: ExplainLevel
EXPLAIN_LEVEL_FINDINGS: ExplainLevel
EXPLAIN_LEVEL_FULL: ExplainLevel
STATUS_UNSPECIFIED: Status
STATUS_SCORED: Status
STATUS_INCOMPLETE: Status
STATUS_REJECTED: Status
STATUS_NOT_ELIGIBLE: Status
STATUS_DISQUALIFIED: Status
STATUS_HALTED: Status
SEVERITY_UNSPECIFIED: Severity
SEVERITY_DECIDING: Severity
SEVERITY_WARNING: Severity
SEVERITY_INFO: Severity
ORIGIN_UNSPECIFIED: Origin
ORIGIN_ASSESSOR: Origin
ORIGIN_DERIVED: Origin
ORIGIN_NOT_APPLICABLE: Origin
FACT_KIND_UNSPECIFIED: FactKind
FACT_KIND_YES_NO: FactKind
FACT_KIND_PERCENT: FactKind
FACT_KIND_COUNT: FactKind
FACT_KIND_CHOICE: FactKind
EFFECT_UNSPECIFIED: Effect
EFFECT_REJECT: Effect
EFFECT_NOT_ELIGIBLE: Effect
EFFECT_DISQUALIFY: Effect
EFFECT_HALT: Effect

class Text(_message.Message):
    __slots__ = ("vi", "en")
    VI_FIELD_NUMBER: _ClassVar[int]
    EN_FIELD_NUMBER: _ClassVar[int]
    vi: str
    en: str
    def __init__(self, vi: _Optional[str] = ..., en: _Optional[str] = ...) -> None: ...

class Dossier(_message.Message):
    __slots__ = ("product", "application", "council", "facts", "sheets", "edition")
    class FactsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    PRODUCT_FIELD_NUMBER: _ClassVar[int]
    APPLICATION_FIELD_NUMBER: _ClassVar[int]
    COUNCIL_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    SHEETS_FIELD_NUMBER: _ClassVar[int]
    EDITION_FIELD_NUMBER: _ClassVar[int]
    product: Product
    application: Application
    council: Council
    facts: _containers.ScalarMap[str, str]
    sheets: _containers.RepeatedCompositeFieldContainer[Sheet]
    edition: str
    def __init__(self, product: _Optional[_Union[Product, _Mapping]] = ..., application: _Optional[_Union[Application, _Mapping]] = ..., council: _Optional[_Union[Council, _Mapping]] = ..., facts: _Optional[_Mapping[str, str]] = ..., sheets: _Optional[_Iterable[_Union[Sheet, _Mapping]]] = ..., edition: _Optional[str] = ...) -> None: ...

class Product(_message.Message):
    __slots__ = ("name", "code", "set")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    SET_FIELD_NUMBER: _ClassVar[int]
    name: str
    code: str
    set: str
    def __init__(self, name: _Optional[str] = ..., code: _Optional[str] = ..., set: _Optional[str] = ...) -> None: ...

class Application(_message.Message):
    __slots__ = ("kind", "filed_on")
    KIND_FIELD_NUMBER: _ClassVar[int]
    FILED_ON_FIELD_NUMBER: _ClassVar[int]
    kind: str
    filed_on: str
    def __init__(self, kind: _Optional[str] = ..., filed_on: _Optional[str] = ...) -> None: ...

class Council(_message.Message):
    __slots__ = ("level", "decided_on")
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    DECIDED_ON_FIELD_NUMBER: _ClassVar[int]
    level: str
    decided_on: str
    def __init__(self, level: _Optional[str] = ..., decided_on: _Optional[str] = ...) -> None: ...

class Sheet(_message.Message):
    __slots__ = ("assessor", "answers")
    class AnswersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ASSESSOR_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    assessor: str
    answers: _containers.ScalarMap[str, str]
    def __init__(self, assessor: _Optional[str] = ..., answers: _Optional[_Mapping[str, str]] = ...) -> None: ...

class ScoreRequest(_message.Message):
    __slots__ = ("dossier", "explain")
    DOSSIER_FIELD_NUMBER: _ClassVar[int]
    EXPLAIN_FIELD_NUMBER: _ClassVar[int]
    dossier: Dossier
    explain: ExplainLevel
    def __init__(self, dossier: _Optional[_Union[Dossier, _Mapping]] = ..., explain: _Optional[_Union[ExplainLevel, str]] = ...) -> None: ...

class ScoreResponse(_message.Message):
    __slots__ = ("assessment",)
    ASSESSMENT_FIELD_NUMBER: _ClassVar[int]
    assessment: Assessment
    def __init__(self, assessment: _Optional[_Union[Assessment, _Mapping]] = ...) -> None: ...

class ScoreStreamRequest(_message.Message):
    __slots__ = ("id", "dossier", "explain")
    ID_FIELD_NUMBER: _ClassVar[int]
    DOSSIER_FIELD_NUMBER: _ClassVar[int]
    EXPLAIN_FIELD_NUMBER: _ClassVar[int]
    id: str
    dossier: Dossier
    explain: ExplainLevel
    def __init__(self, id: _Optional[str] = ..., dossier: _Optional[_Union[Dossier, _Mapping]] = ..., explain: _Optional[_Union[ExplainLevel, str]] = ...) -> None: ...

class ScoreStreamResponse(_message.Message):
    __slots__ = ("id", "assessment", "error")
    ID_FIELD_NUMBER: _ClassVar[int]
    ASSESSMENT_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    id: str
    assessment: Assessment
    error: ItemError
    def __init__(self, id: _Optional[str] = ..., assessment: _Optional[_Union[Assessment, _Mapping]] = ..., error: _Optional[_Union[ItemError, _Mapping]] = ...) -> None: ...

class ItemError(_message.Message):
    __slots__ = ("code", "message", "violations")
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    VIOLATIONS_FIELD_NUMBER: _ClassVar[int]
    code: int
    message: str
    violations: _containers.RepeatedCompositeFieldContainer[FieldViolation]
    def __init__(self, code: _Optional[int] = ..., message: _Optional[str] = ..., violations: _Optional[_Iterable[_Union[FieldViolation, _Mapping]]] = ...) -> None: ...

class FieldViolation(_message.Message):
    __slots__ = ("field", "code", "description")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    field: str
    code: str
    description: Text
    def __init__(self, field: _Optional[str] = ..., code: _Optional[str] = ..., description: _Optional[_Union[Text, _Mapping]] = ...) -> None: ...

class Points(_message.Message):
    __slots__ = ("sum", "sheets", "max", "text")
    SUM_FIELD_NUMBER: _ClassVar[int]
    SHEETS_FIELD_NUMBER: _ClassVar[int]
    MAX_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    sum: int
    sheets: int
    max: int
    text: str
    def __init__(self, sum: _Optional[int] = ..., sheets: _Optional[int] = ..., max: _Optional[int] = ..., text: _Optional[str] = ...) -> None: ...

class Stars(_message.Message):
    __slots__ = ("by_points", "after_minimums", "recognisable", "forward_to", "potential")
    BY_POINTS_FIELD_NUMBER: _ClassVar[int]
    AFTER_MINIMUMS_FIELD_NUMBER: _ClassVar[int]
    RECOGNISABLE_FIELD_NUMBER: _ClassVar[int]
    FORWARD_TO_FIELD_NUMBER: _ClassVar[int]
    POTENTIAL_FIELD_NUMBER: _ClassVar[int]
    by_points: int
    after_minimums: int
    recognisable: int
    forward_to: str
    potential: int
    def __init__(self, by_points: _Optional[int] = ..., after_minimums: _Optional[int] = ..., recognisable: _Optional[int] = ..., forward_to: _Optional[str] = ..., potential: _Optional[int] = ...) -> None: ...

class Assessment(_message.Message):
    __slots__ = ("status", "product", "product_set_name", "edition", "edition_choice", "digest", "engine_version", "level", "total", "parts", "stars", "provisional", "summary", "findings", "lines")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_SET_NAME_FIELD_NUMBER: _ClassVar[int]
    EDITION_FIELD_NUMBER: _ClassVar[int]
    EDITION_CHOICE_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    ENGINE_VERSION_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    STARS_FIELD_NUMBER: _ClassVar[int]
    PROVISIONAL_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    status: Status
    product: Product
    product_set_name: Text
    edition: str
    edition_choice: EditionChoice
    digest: str
    engine_version: str
    level: str
    total: Points
    parts: _containers.RepeatedCompositeFieldContainer[PartTotal]
    stars: Stars
    provisional: bool
    summary: Text
    findings: _containers.RepeatedCompositeFieldContainer[Finding]
    lines: _containers.RepeatedCompositeFieldContainer[Line]
    def __init__(self, status: _Optional[_Union[Status, str]] = ..., product: _Optional[_Union[Product, _Mapping]] = ..., product_set_name: _Optional[_Union[Text, _Mapping]] = ..., edition: _Optional[str] = ..., edition_choice: _Optional[_Union[EditionChoice, _Mapping]] = ..., digest: _Optional[str] = ..., engine_version: _Optional[str] = ..., level: _Optional[str] = ..., total: _Optional[_Union[Points, _Mapping]] = ..., parts: _Optional[_Iterable[_Union[PartTotal, _Mapping]]] = ..., stars: _Optional[_Union[Stars, _Mapping]] = ..., provisional: _Optional[bool] = ..., summary: _Optional[_Union[Text, _Mapping]] = ..., findings: _Optional[_Iterable[_Union[Finding, _Mapping]]] = ..., lines: _Optional[_Iterable[_Union[Line, _Mapping]]] = ...) -> None: ...

class EditionChoice(_message.Message):
    __slots__ = ("decision", "why", "reference", "basis", "asked")
    DECISION_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    ASKED_FIELD_NUMBER: _ClassVar[int]
    decision: str
    why: Text
    reference: str
    basis: Basis
    asked: bool
    def __init__(self, decision: _Optional[str] = ..., why: _Optional[_Union[Text, _Mapping]] = ..., reference: _Optional[str] = ..., basis: _Optional[_Union[Basis, _Mapping]] = ..., asked: _Optional[bool] = ...) -> None: ...

class PartTotal(_message.Message):
    __slots__ = ("code", "name", "points")
    CODE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    code: str
    name: Text
    points: Points
    def __init__(self, code: _Optional[str] = ..., name: _Optional[_Union[Text, _Mapping]] = ..., points: _Optional[_Union[Points, _Mapping]] = ...) -> None: ...

class Basis(_message.Message):
    __slots__ = ("stated", "why")
    STATED_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    stated: bool
    why: Text
    def __init__(self, stated: _Optional[bool] = ..., why: _Optional[_Union[Text, _Mapping]] = ...) -> None: ...

class Finding(_message.Message):
    __slots__ = ("code", "severity", "text", "rule", "values", "facts", "reference", "source", "basis", "path")
    class ValuesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CODE_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    code: str
    severity: Severity
    text: Text
    rule: str
    values: _containers.ScalarMap[str, str]
    facts: _containers.RepeatedCompositeFieldContainer[ReadFact]
    reference: str
    source: str
    basis: Basis
    path: str
    def __init__(self, code: _Optional[str] = ..., severity: _Optional[_Union[Severity, str]] = ..., text: _Optional[_Union[Text, _Mapping]] = ..., rule: _Optional[str] = ..., values: _Optional[_Mapping[str, str]] = ..., facts: _Optional[_Iterable[_Union[ReadFact, _Mapping]]] = ..., reference: _Optional[str] = ..., source: _Optional[str] = ..., basis: _Optional[_Union[Basis, _Mapping]] = ..., path: _Optional[str] = ...) -> None: ...

class ReadFact(_message.Message):
    __slots__ = ("name", "value")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: str
    def __init__(self, name: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...

class Line(_message.Message):
    __slots__ = ("number", "name", "part", "max", "points", "chosen", "marks", "evidence", "reference", "source", "basis", "text")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PART_FIELD_NUMBER: _ClassVar[int]
    MAX_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    CHOSEN_FIELD_NUMBER: _ClassVar[int]
    MARKS_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    number: str
    name: Text
    part: str
    max: int
    points: Points
    chosen: Text
    marks: _containers.RepeatedCompositeFieldContainer[Mark]
    evidence: _containers.RepeatedCompositeFieldContainer[Text]
    reference: str
    source: str
    basis: Basis
    text: Text
    def __init__(self, number: _Optional[str] = ..., name: _Optional[_Union[Text, _Mapping]] = ..., part: _Optional[str] = ..., max: _Optional[int] = ..., points: _Optional[_Union[Points, _Mapping]] = ..., chosen: _Optional[_Union[Text, _Mapping]] = ..., marks: _Optional[_Iterable[_Union[Mark, _Mapping]]] = ..., evidence: _Optional[_Iterable[_Union[Text, _Mapping]]] = ..., reference: _Optional[str] = ..., source: _Optional[str] = ..., basis: _Optional[_Union[Basis, _Mapping]] = ..., text: _Optional[_Union[Text, _Mapping]] = ...) -> None: ...

class Mark(_message.Message):
    __slots__ = ("assessor", "option", "points", "origin")
    ASSESSOR_FIELD_NUMBER: _ClassVar[int]
    OPTION_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    assessor: str
    option: str
    points: int
    origin: Origin
    def __init__(self, assessor: _Optional[str] = ..., option: _Optional[str] = ..., points: _Optional[int] = ..., origin: _Optional[_Union[Origin, str]] = ...) -> None: ...

class ListEditionsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListEditionsResponse(_message.Message):
    __slots__ = ("editions",)
    EDITIONS_FIELD_NUMBER: _ClassVar[int]
    editions: _containers.RepeatedCompositeFieldContainer[Edition]
    def __init__(self, editions: _Optional[_Iterable[_Union[Edition, _Mapping]]] = ...) -> None: ...

class Edition(_message.Message):
    __slots__ = ("id", "decision", "name", "issued", "digest", "bands", "levels", "certificate_months", "product_sets")
    ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ISSUED_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    BANDS_FIELD_NUMBER: _ClassVar[int]
    LEVELS_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_MONTHS_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_SETS_FIELD_NUMBER: _ClassVar[int]
    id: str
    decision: str
    name: Text
    issued: str
    digest: str
    bands: _containers.RepeatedCompositeFieldContainer[Band]
    levels: _containers.RepeatedCompositeFieldContainer[Level]
    certificate_months: int
    product_sets: int
    def __init__(self, id: _Optional[str] = ..., decision: _Optional[str] = ..., name: _Optional[_Union[Text, _Mapping]] = ..., issued: _Optional[str] = ..., digest: _Optional[str] = ..., bands: _Optional[_Iterable[_Union[Band, _Mapping]]] = ..., levels: _Optional[_Iterable[_Union[Level, _Mapping]]] = ..., certificate_months: _Optional[int] = ..., product_sets: _Optional[int] = ...) -> None: ...

class Band(_message.Message):
    __slots__ = ("stars", "interval", "reference")
    STARS_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    stars: int
    interval: str
    reference: str
    def __init__(self, stars: _Optional[int] = ..., interval: _Optional[str] = ..., reference: _Optional[str] = ...) -> None: ...

class Level(_message.Message):
    __slots__ = ("id", "name", "recognises", "forwards_to", "reference")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    RECOGNISES_FIELD_NUMBER: _ClassVar[int]
    FORWARDS_TO_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: Text
    recognises: _containers.RepeatedScalarFieldContainer[int]
    forwards_to: str
    reference: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[_Union[Text, _Mapping]] = ..., recognises: _Optional[_Iterable[int]] = ..., forwards_to: _Optional[str] = ..., reference: _Optional[str] = ...) -> None: ...

class ListProductSetsRequest(_message.Message):
    __slots__ = ("edition",)
    EDITION_FIELD_NUMBER: _ClassVar[int]
    edition: str
    def __init__(self, edition: _Optional[str] = ...) -> None: ...

class ListProductSetsResponse(_message.Message):
    __slots__ = ("edition", "product_sets", "facts")
    EDITION_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_SETS_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    edition: str
    product_sets: _containers.RepeatedCompositeFieldContainer[ProductSet]
    facts: _containers.RepeatedCompositeFieldContainer[Fact]
    def __init__(self, edition: _Optional[str] = ..., product_sets: _Optional[_Iterable[_Union[ProductSet, _Mapping]]] = ..., facts: _Optional[_Iterable[_Union[Fact, _Mapping]]] = ...) -> None: ...

class ProductSet(_message.Message):
    __slots__ = ("id", "slug", "name", "group", "subgroup", "agency", "reference")
    ID_FIELD_NUMBER: _ClassVar[int]
    SLUG_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    SUBGROUP_FIELD_NUMBER: _ClassVar[int]
    AGENCY_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    id: str
    slug: str
    name: Text
    group: Text
    subgroup: Text
    agency: Text
    reference: str
    def __init__(self, id: _Optional[str] = ..., slug: _Optional[str] = ..., name: _Optional[_Union[Text, _Mapping]] = ..., group: _Optional[_Union[Text, _Mapping]] = ..., subgroup: _Optional[_Union[Text, _Mapping]] = ..., agency: _Optional[_Union[Text, _Mapping]] = ..., reference: _Optional[str] = ...) -> None: ...

class Fact(_message.Message):
    __slots__ = ("id", "name", "kind", "choices")
    class ChoicesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Text
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Text, _Mapping]] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CHOICES_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: Text
    kind: FactKind
    choices: _containers.MessageMap[str, Text]
    def __init__(self, id: _Optional[str] = ..., name: _Optional[_Union[Text, _Mapping]] = ..., kind: _Optional[_Union[FactKind, str]] = ..., choices: _Optional[_Mapping[str, Text]] = ...) -> None: ...

class GetScoreSheetRequest(_message.Message):
    __slots__ = ("edition", "set")
    EDITION_FIELD_NUMBER: _ClassVar[int]
    SET_FIELD_NUMBER: _ClassVar[int]
    edition: str
    set: str
    def __init__(self, edition: _Optional[str] = ..., set: _Optional[str] = ...) -> None: ...

class GetScoreSheetResponse(_message.Message):
    __slots__ = ("sheet",)
    SHEET_FIELD_NUMBER: _ClassVar[int]
    sheet: ScoreSheet
    def __init__(self, sheet: _Optional[_Union[ScoreSheet, _Mapping]] = ...) -> None: ...

class ScoreSheet(_message.Message):
    __slots__ = ("edition", "digest", "product_set", "parts", "knock_outs", "oddities")
    EDITION_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_SET_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    KNOCK_OUTS_FIELD_NUMBER: _ClassVar[int]
    ODDITIES_FIELD_NUMBER: _ClassVar[int]
    edition: str
    digest: str
    product_set: ProductSet
    parts: _containers.RepeatedCompositeFieldContainer[SheetPart]
    knock_outs: _containers.RepeatedCompositeFieldContainer[KnockOut]
    oddities: _containers.RepeatedCompositeFieldContainer[Text]
    def __init__(self, edition: _Optional[str] = ..., digest: _Optional[str] = ..., product_set: _Optional[_Union[ProductSet, _Mapping]] = ..., parts: _Optional[_Iterable[_Union[SheetPart, _Mapping]]] = ..., knock_outs: _Optional[_Iterable[_Union[KnockOut, _Mapping]]] = ..., oddities: _Optional[_Iterable[_Union[Text, _Mapping]]] = ...) -> None: ...

class SheetPart(_message.Message):
    __slots__ = ("code", "name", "max", "sections")
    CODE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    MAX_FIELD_NUMBER: _ClassVar[int]
    SECTIONS_FIELD_NUMBER: _ClassVar[int]
    code: str
    name: Text
    max: int
    sections: _containers.RepeatedCompositeFieldContainer[SheetSection]
    def __init__(self, code: _Optional[str] = ..., name: _Optional[_Union[Text, _Mapping]] = ..., max: _Optional[int] = ..., sections: _Optional[_Iterable[_Union[SheetSection, _Mapping]]] = ...) -> None: ...

class SheetSection(_message.Message):
    __slots__ = ("number", "name", "max", "criteria")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    MAX_FIELD_NUMBER: _ClassVar[int]
    CRITERIA_FIELD_NUMBER: _ClassVar[int]
    number: str
    name: Text
    max: int
    criteria: _containers.RepeatedCompositeFieldContainer[Criterion]
    def __init__(self, number: _Optional[str] = ..., name: _Optional[_Union[Text, _Mapping]] = ..., max: _Optional[int] = ..., criteria: _Optional[_Iterable[_Union[Criterion, _Mapping]]] = ...) -> None: ...

class Criterion(_message.Message):
    __slots__ = ("number", "name", "max", "options", "none_met", "is_section", "group", "cases", "only_if", "evidence", "notes", "oddities", "derived_from", "reference", "source")
    class CasesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Text
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Text, _Mapping]] = ...) -> None: ...
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    MAX_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    NONE_MET_FIELD_NUMBER: _ClassVar[int]
    IS_SECTION_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    CASES_FIELD_NUMBER: _ClassVar[int]
    ONLY_IF_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    ODDITIES_FIELD_NUMBER: _ClassVar[int]
    DERIVED_FROM_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    number: str
    name: Text
    max: int
    options: _containers.RepeatedCompositeFieldContainer[Option]
    none_met: Option
    is_section: bool
    group: CriterionGroup
    cases: _containers.MessageMap[str, Text]
    only_if: str
    evidence: _containers.RepeatedCompositeFieldContainer[Text]
    notes: _containers.RepeatedCompositeFieldContainer[Text]
    oddities: _containers.RepeatedCompositeFieldContainer[Text]
    derived_from: _containers.RepeatedScalarFieldContainer[str]
    reference: str
    source: str
    def __init__(self, number: _Optional[str] = ..., name: _Optional[_Union[Text, _Mapping]] = ..., max: _Optional[int] = ..., options: _Optional[_Iterable[_Union[Option, _Mapping]]] = ..., none_met: _Optional[_Union[Option, _Mapping]] = ..., is_section: _Optional[bool] = ..., group: _Optional[_Union[CriterionGroup, _Mapping]] = ..., cases: _Optional[_Mapping[str, Text]] = ..., only_if: _Optional[str] = ..., evidence: _Optional[_Iterable[_Union[Text, _Mapping]]] = ..., notes: _Optional[_Iterable[_Union[Text, _Mapping]]] = ..., oddities: _Optional[_Iterable[_Union[Text, _Mapping]]] = ..., derived_from: _Optional[_Iterable[str]] = ..., reference: _Optional[str] = ..., source: _Optional[str] = ...) -> None: ...

class CriterionGroup(_message.Message):
    __slots__ = ("number", "name", "max")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    MAX_FIELD_NUMBER: _ClassVar[int]
    number: str
    name: Text
    max: int
    def __init__(self, number: _Optional[str] = ..., name: _Optional[_Union[Text, _Mapping]] = ..., max: _Optional[int] = ...) -> None: ...

class Option(_message.Message):
    __slots__ = ("id", "points", "name", "minimum_for_stars", "case", "printed")
    ID_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_FOR_STARS_FIELD_NUMBER: _ClassVar[int]
    CASE_FIELD_NUMBER: _ClassVar[int]
    PRINTED_FIELD_NUMBER: _ClassVar[int]
    id: str
    points: int
    name: Text
    minimum_for_stars: _containers.RepeatedScalarFieldContainer[int]
    case: str
    printed: bool
    def __init__(self, id: _Optional[str] = ..., points: _Optional[int] = ..., name: _Optional[_Union[Text, _Mapping]] = ..., minimum_for_stars: _Optional[_Iterable[int]] = ..., case: _Optional[str] = ..., printed: _Optional[bool] = ...) -> None: ...

class KnockOut(_message.Message):
    __slots__ = ("id", "effect", "name", "reads", "reference", "basis")
    ID_FIELD_NUMBER: _ClassVar[int]
    EFFECT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    READS_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    id: str
    effect: Effect
    name: Text
    reads: _containers.RepeatedScalarFieldContainer[str]
    reference: str
    basis: Basis
    def __init__(self, id: _Optional[str] = ..., effect: _Optional[_Union[Effect, str]] = ..., name: _Optional[_Union[Text, _Mapping]] = ..., reads: _Optional[_Iterable[str]] = ..., reference: _Optional[str] = ..., basis: _Optional[_Union[Basis, _Mapping]] = ...) -> None: ...
