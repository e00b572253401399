"""Every sentence of an explanation, in one place: finding code -> template in Vietnamese and English.

Plain words for producers: no codes without words. Numbers are filled in from the finding's values.
"""

from __future__ import annotations

from collections.abc import Iterable

from scoring_service.engine.assessment import Line, Origin, Points, Stars, Status
from scoring_service.engine.dossier import SheetKind
from scoring_service.rulebook.model import Effect, MinimumBy
from scoring_service.text import Text

FINDINGS: dict[str, Text] = {
    "knock_out_reject": Text("Hồ sơ bị loại: {name}.", "Dossier rejected: {name}."),
    "knock_out_not_eligible": Text("Không đủ điều kiện tham gia: {name}.", "Not eligible to take part: {name}."),
    "knock_out_disqualify": Text("Sản phẩm bị loại: {name}.", "Product disqualified: {name}."),
    "knock_out_halt": Text("Dừng đánh giá: {name}.", "Evaluation halted: {name}."),
    "unconfirmed": Text(
        "Chưa loại trừ được: {name}. Hồ sơ chưa cho biết: {unknown}.",
        "Not ruled out: {name}. The dossier does not tell: {unknown}.",
    ),
    "band": Text(
        "Tổng điểm trung bình {mean} thuộc khoảng {interval}: {stars} sao theo điểm.",
        "The mean total {mean} lies in {interval}: {stars} stars by points.",
    ),
    "minimum": Text(
        "Tiêu chí {number} ({name}) đạt {points}, yêu cầu tối thiểu cho {stars} sao là {minimum}.",
        "Criterion {number} ({name}) has {points}; the minimum for {stars} stars is {minimum}.",
    ),
    "held": Text(
        "Đủ điểm {by_points} sao nhưng xếp {after} sao vì chưa đạt yêu cầu tối thiểu ở tiêu chí {numbers}.",
        "Enough points for {by_points} stars, placed at {after} because the minimum is missed at {numbers}.",
    ),
    "recognised": Text(
        "Cấp {level} công nhận {stars} sao, cấp giấy chứng nhận {months} tháng.",
        "The {level} level recognises {stars} stars and issues a certificate for {months} months.",
    ),
    "forwarded": Text(
        "Tiềm năng {stars} sao: cấp {level} phê duyệt kết quả và gửi hồ sơ lên cấp {to}; chưa phải là {stars} sao.",
        "Potential {stars} stars: the {level} level approves the result and forwards the dossier to the {to} level; this is not yet {stars} stars.",
    ),
    "no_decision": Text(
        "{stars} sao: không ban hành quyết định công nhận và không cấp giấy chứng nhận.",
        "{stars} stars: no recognition decision and no certificate.",
    ),
    "below_level": Text(
        "Cấp {level} không công nhận hạng này. {next}", "The {level} level does not recognise this rank. {next}"
    ),
    "knock_out_divided": Text(
        "Có phiếu riêng lẻ rơi vào trường hợp '{name}' ({sheets}), nhưng trung bình hội đồng thì không; hội đồng cần xem lại.",
        "Single sheets meet '{name}' ({sheets}), the council's mean does not; the council should look at it.",
    ),
    "missing_answers": Text(
        "Phiếu của {assessor} còn thiếu {count} tiêu chí: {missing}.",
        "The sheet of {assessor} lacks {count} criteria: {missing}.",
    ),
    "no_sheets": Text(
        "Hồ sơ chưa có phiếu chấm; thêm ít nhất một phiếu vào 'sheets'.",
        "The dossier has no score sheet; add at least one under 'sheets'.",
    ),
    "none_met": Text(
        "Tiêu chí {number} ({name}): không đáp ứng mức nào nên tính 0 điểm.",
        "Criterion {number} ({name}): none of the options is met, counted as 0.",
    ),
    "derived": Text(
        "Tiêu chí {number} ({name}): dữ kiện đã nêu cho mức '{option}'.",
        "Criterion {number} ({name}): the stated facts give option '{option}'.",
    ),
    "derived_differs": Text(
        "Tiêu chí {number} ({name}): {assessor} chọn '{chosen}', còn dữ kiện đã nêu cho '{option}'. Tính theo phiếu; cần xem lại.",
        "Criterion {number} ({name}): {assessor} chose '{chosen}', but the stated facts give '{option}'. The sheet counts; please check.",
    ),
    "unclear_print": Text("Tiêu chí {number} ({name}), {given}: {why}", "Criterion {number} ({name}), {given}: {why}"),
    "not_applicable": Text(
        "Tiêu chí {number} ({name}) không áp dụng vì tiêu chí {other} dưới {at_least} điểm; tính 0 điểm.",
        "Criterion {number} ({name}) does not apply because criterion {other} has under {at_least} point; counted as 0.",
    ),
    "not_applicable_answered": Text(
        "Tiêu chí {number} ({name}) không áp dụng; mức '{chosen}' trên phiếu của {assessor} tính 0 điểm.",
        "Criterion {number} ({name}) does not apply; option '{chosen}' on the sheet of {assessor} counts 0.",
    ),
    "spread": Text(
        "Tổng điểm các thành viên chênh {spread}, quá {limit} ({high}; {low}): phải thảo luận và chấm lại.",
        "The members' totals differ by {spread}, more than {limit} ({high}; {low}): discuss and score again.",
    ),
    "far_from_mean": Text(
        "{assessor} chấm {total}, cách trung bình {distance} (từ {far} trở lên).",
        "{assessor} scored {total}, {distance} from the mean ({far} or more).",
    ),
    "no_quorum": Text(
        "Không đủ túc số: {present} trên {size} thành viên, {chair}; cần ít nhất {needed} ({share}), có chủ tịch hội đồng.",
        "No quorum: {present} of {size} members, {chair}; at least {needed} ({share}) are needed, the chair among them.",
    ),
    "quorum_unknown": Text(
        "Chưa kiểm tra được túc số: hồ sơ không nêu số thành viên hội đồng (council.members).",
        "The quorum was not checked: the dossier does not state the size of the council (council.members).",
    ),
    "role_does_not_score": Text(
        "Phiếu của {assessor} ({role}) không tính theo quy chế của hội đồng.",
        "The sheet of {assessor} ({role}) does not count by the council's rules.",
    ),
    "other_form": Text(
        "Phiếu của {assessor} lập theo mẫu của bộ tiêu chí {edition}, không tính ở đây.",
        "The sheet of {assessor} is on the form of edition {edition} and does not count here.",
    ),
    "other_sheet_differs": Text(
        "{kind} ({assessor}) khác hội đồng ở tiêu chí {numbers}.",
        "{kind} ({assessor}) differs from the council at {numbers}.",
    ),
    "filed_too_early": Text("Nộp ngày {filed}, sớm hơn ngày {day}.", "Filed on {filed}, earlier than {day}."),
    "filed_too_late": Text("Nộp ngày {filed}, muộn hơn ngày {day}.", "Filed on {filed}, later than {day}."),
    "shortfall": Text(
        "Bản in của {place} ghi nhiều hơn {points} điểm so với các mức có thể đạt; giữ nguyên như in, tổng có thể thấp hơn tới {points} điểm.",
        "The print of {place} promises {points} points more than its options give; kept as printed, the total may be up to {points} points low.",
    ),
    "remark": Text("{text}", "{text}"),
}

SHEET_KIND: dict[SheetKind, Text] = {
    SheetKind.COUNCIL: Text("Phiếu hội đồng", "Council sheet"),
    SheetKind.AGREED: Text("Phiếu thống nhất", "Agreed sheet"),
    SheetKind.SELF: Text("Tự đánh giá", "Self-assessment"),
    SheetKind.HELP_TEAM: Text("Tổ tư vấn", "Help team"),
    SheetKind.COMMUNE: Text("Báo cáo của xã", "Commune report"),
}

COMPARE: dict[str, Text] = {
    "editions": Text("Khác bộ tiêu chí: {left} và {right}.", "Different editions: {left} and {right}."),
    "products": Text("Khác tên sản phẩm: {left} và {right}.", "Different products: {left} and {right}."),
    "sets": Text("Khác bộ sản phẩm: {left} và {right}.", "Different product sets: {left} and {right}."),
    "levels": Text("Khác cấp: {left} và {right}.", "Different levels: {left} and {right}."),
    "status": Text("Khác trạng thái: {left} → {right}.", "Different status: {left} → {right}."),
    "totals": Text("Tổng điểm {left} → {right} ({by}).", "Total {left} → {right} ({by})."),
    "by_points": Text("Theo điểm {left} sao → {right} sao.", "By points {left} stars → {right} stars."),
    "only_left": Text("Chỉ ở bên trái: {text}", "Only on the left: {text}"),
    "only_right": Text("Chỉ ở bên phải: {text}", "Only on the right: {text}"),
    "same_stars": Text("Cùng {stars} sao.", "The same {stars} stars."),
    "stars": Text("{left} sao → {right} sao.", "{left} stars → {right} stars."),
}

MINIMUM_BY: dict[MinimumBy, Text] = {
    MinimumBy.MEAN: Text(" (trung bình)", " (mean)"),
    MinimumBy.MAJORITY: Text(" (mức đa số thành viên đạt)", " (reached by the majority)"),
    MinimumBy.ALL: Text(" (mức thấp nhất trong hội đồng)", " (lowest of the council)"),
    MinimumBy.AGREED: Text(" (mức hội đồng thống nhất)", " (agreed by the council)"),
}

KNOCK_OUTS: dict[Effect, Text] = {
    Effect.REJECT: Text("hồ sơ bị loại", "dossier rejected"),
    Effect.NOT_ELIGIBLE: Text("không đủ điều kiện", "not eligible"),
    Effect.DISQUALIFY: Text("sản phẩm bị loại", "disqualified"),
    Effect.HALT: Text("dừng đánh giá", "evaluation halted"),
}

STATUS: dict[Status, Text] = {
    Status.SCORED: Text("Đã chấm", "Scored"),
    Status.INCOMPLETE: Text("Chưa đủ để xếp hạng", "Incomplete"),
    Status.REJECTED: Text("Hồ sơ bị loại", "Dossier rejected"),
    Status.NOT_ELIGIBLE: Text("Không đủ điều kiện tham gia", "Not eligible"),
    Status.DISQUALIFIED: Text("Sản phẩm bị loại", "Disqualified"),
    Status.HALTED: Text("Dừng đánh giá", "Halted"),
    Status.NO_QUORUM: Text("Hội đồng không đủ túc số", "No quorum"),
    Status.SCORE_AGAIN: Text("Phải thảo luận và chấm lại", "Discuss and score again"),
}

ORIGIN: dict[Origin, Text] = {
    Origin.ASSESSOR: Text("thành viên chọn", "chosen by the assessor"),
    Origin.DERIVED: Text("suy ra từ dữ kiện", "derived from facts"),
    Origin.NOT_APPLICABLE: Text("không áp dụng", "does not apply"),
}


def joined(texts: Iterable[Text], separator: str = " ") -> Text:
    """Several texts as one, in each language."""
    listed = list(texts)
    return Text(separator.join(t.vi for t in listed), separator.join(t.en for t in listed))


def printed(text: str) -> Text:
    """A printed number with the decimal mark of each language."""
    return Text(text.replace(".", ","), text)


def mean_text(points: Points) -> Text:
    """``71,86 (503/7)``: the printed mean, and the exact one beside it where the council has several sheets."""
    if points.sheets == 1:
        return Text(str(points.sum), str(points.sum))
    return printed(points.text) + Text(f" ({points.sum}/{points.sheets})", f" ({points.sum}/{points.sheets})")


def line_sentence(line: Line) -> Text:
    """One criterion in one sentence."""
    if line.points is None:
        return Text(
            f"{line.number} {line.name.vi}: chưa có điểm, tối đa {line.max}.",
            f"{line.number} {line.name.en}: no points yet, maximum {line.max}.",
        )
    got = mean_text(line.points)
    return Text(
        f"{line.number} {line.name.vi}: {got.vi}/{line.max} điểm – {line.chosen.vi}.",
        f"{line.number} {line.name.en}: {got.en}/{line.max} points – {line.chosen.en}.",
    )


def summary(
    status: Status, total: Points | None, stars: Stars, level: Text, reasons: Text, *, provisional: bool
) -> Text:
    """The result in one or two sentences."""
    head = Text("Tạm thời: ", "Provisional: ") if provisional and status is Status.SCORED else Text("", "")
    if total is not None:
        got = mean_text(total)
        head += Text(f"Tổng {got.vi} điểm. ", f"Total {got.en} points. ")
    if status is not Status.SCORED:
        return head + STATUS[status] + Text(". ", ". ") + reasons
    lines = Text(
        f"Theo điểm {stars.by_points} sao; sau yêu cầu tối thiểu {stars.after_minimums} sao; ",
        f"By points {stars.by_points} stars; after minimums {stars.after_minimums} stars; ",
    )
    if stars.recognisable:
        lines += Text(
            f"cấp {level.vi} được công nhận {stars.recognisable} sao",
            f"the {level.en} level may recognise {stars.recognisable} stars",
        )
    else:
        lines += Text(
            f"cấp {level.vi} không ban hành quyết định công nhận", f"the {level.en} level makes no recognition decision"
        )
    if stars.potential:
        lines += Text(f", tiềm năng {stars.potential} sao", f", potential {stars.potential} stars")
    return head + lines + Text(".", ".") + (Text(" ", " ") + reasons if reasons.vi else reasons)
