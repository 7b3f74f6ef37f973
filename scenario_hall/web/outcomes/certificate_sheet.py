"""A certificate on one sheet of A4 paper: drawn as PDF in the reader's language, with every glyph that it needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pylopdf_fonts_zh_cn
import pylopdf_fonts_zh_tw
import segno
from flask_babel import gettext as _
from fpdf import FPDF
from fpdf.enums import TextMode, WrapMode, XPos, YPos
from fpdf.fonts import FontFace

from scenario_hall.outcomes.certificate.documents import certified_lines
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.plan.metrics import MetricVerdict
from scenario_hall.web.kit.language import (
    LANGUAGE_TAGS,
    current_locale,
    day,
    measured_text,
    named,
    requirement_text,
)
from scenario_hall.web.outcomes.certificate_facts import changed_at, facts_of

Colour = tuple[int, int, int]
INK, QUIET, LINE = (23, 33, 36), (84, 98, 102), (205, 214, 215)
WHITE = (255, 255, 255)
ACCENT, GOOD, WARN, BAD = (11, 110, 117), (22, 110, 65), (139, 86, 0), (168, 34, 42)
VERDICT_COLOURS: dict[MetricVerdict, Colour] = {
    MetricVerdict.MET: GOOD,
    MetricVerdict.PARTLY: WARN,
    MetricVerdict.NOT_MET: BAD,
    MetricVerdict.NOT_MEASURED: QUIET,
}
MARGIN, QR_SIZE = 18.0, 34.0
# From the size that reads best to the smallest that can be read; forty metrics fit with the last.
SCALES = (1.05, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
# The fonts of both scripts; what one lacks the other draws.
FONTS = {"simplified": pylopdf_fonts_zh_cn.sans_path(), "traditional": pylopdf_fonts_zh_tw.sans_path()}


def draw_sheet(certificate: Certificate, *, address: str, document_address: str) -> bytes:
    """The PDF. ``address`` is the certificate's public page, ``document_address`` its signed document."""
    for scale in SCALES:
        sheet = Sheet(certificate, scale)
        sheet.draw(address, document_address)
        if sheet.pages_count == 1:
            break  # else a second sheet rather than a metric less
    return bytes(sheet.output())


class Sheet(FPDF):
    """One drawing of a certificate at one scale."""

    def __init__(self, certificate: Certificate, scale: float) -> None:
        super().__init__(format="A4")
        self.certificate, self.content, self.scale = certificate, certificate.content, scale
        self.set_margins(MARGIN, MARGIN * min(scale, 1.0), MARGIN)
        self.set_auto_page_break(True, margin=10)
        first, other = ("traditional", "simplified") if current_locale() == "zh_Hant" else ("simplified", "traditional")
        for family in (first, other):
            self.add_font(family, fname=FONTS[family])
        self.set_font(first)
        self.set_fallback_fonts([other])
        self.set_title(f"{certificate.number} · {_('Certificate of a first trial or first use')}")
        self.set_author(_("Scenario Hall"))
        self.set_lang(LANGUAGE_TAGS[current_locale()])
        # The sheet says what the record says, so two copies of one record are the same bytes.
        self.set_creation_date(changed_at(certificate))
        self.add_page()

    def draw(self, address: str, document_address: str) -> None:
        self._head(address)
        self._status()
        self._facts()
        self._metrics()
        self._foot(address, document_address)

    def write_line(
        self, text: str, size: float, colour: Colour = INK, *, is_bold: bool = False, width: float = 0
    ) -> None:
        """A paragraph from the left margin; bold by a thin outline, as the fonts come in one weight."""
        self.set_font_size(size * self.scale)
        with self.local_context():
            self.set_text_color(*colour)
            self.set_draw_color(*colour)
            if is_bold:
                self.text_mode, self.line_width = TextMode.FILL_STROKE, size * self.scale / 140
            self.multi_cell(
                width,
                size * self.scale * 0.5,
                text,
                align="L",
                new_x=XPos.LMARGIN,
                new_y=YPos.NEXT,
                wrapmode=self._wrapping(text),
            )

    def _head(self, address: str) -> None:
        size = QR_SIZE * min(max(self.scale, 0.7), 1.0)
        left, top = self.w - MARGIN - size, self.get_y()
        self._qr_code(address, left, top, size)
        width = left - MARGIN - 6
        names = dict.fromkeys((_("Scenario Hall"), "Scenario Hall", "应用场景发布厅"))
        self.write_line(" · ".join(list(names)[:2]), 11, ACCENT, is_bold=True, width=width)
        self.ln(2 * self.scale)
        self.write_line(_("Certificate of a first trial or first use"), 11, QUIET, width=width)
        self.write_line(named(self.content["kind"]), 26, is_bold=True, width=width)
        self.write_line(self.certificate.number, 15, is_bold=True, width=width)
        self.set_y(max(self.get_y(), top + size) + 3 * self.scale)

    def _status(self) -> None:
        """Valid or revoked, so large that nobody can miss it."""
        certificate, colour = self.certificate, GOOD if self.certificate.is_valid else BAD
        top = self.get_y()
        self.set_left_margin(MARGIN + 5)
        self.set_y(top + 2 * self.scale)
        if certificate.is_valid:
            self.write_line(_("Valid"), 20, colour, is_bold=True)
            note = _(
                "This was the status when this sheet was made; the page behind the QR code shows the current status."
            )
            self.write_line(note, 9, QUIET)
        else:
            self.write_line(_("Revoked"), 20, colour, is_bold=True)
            note = _("Revoked on %(day)s.", day=day(certificate.revoked_at))
            self.write_line(f"{note} {certificate.revocation_reason}".strip(), 11, colour)
        bottom = self.get_y() + 2 * self.scale
        self.set_left_margin(MARGIN)
        self.set_fill_color(*colour)
        self.rect(MARGIN, top, 1.6, max(0.0, bottom - top), style="F")
        self.set_fill_color(*WHITE)  # a table's cells would take the bar's colour
        self.set_y(bottom + 3 * self.scale)

    def _facts(self) -> None:
        content = self.content
        rules = (_("The rules"), content.get("rules", ""))
        plan_hash = (_("Plan hash"), content.get("plan_hash", ""))
        self.set_font_size(10 * self.scale)
        self.set_text_color(*INK)
        label_style, gap = FontFace(color=QUIET), 0.5 * self.scale
        with self.table(
            col_widths=(23, 77),
            line_height=5 * self.scale,
            borders_layout="NONE",
            text_align="LEFT",
            first_row_as_headings=False,
            padding=(gap, 1, gap, 0),
            v_align="TOP",
        ) as table:
            for label, value in (*facts_of(self.certificate), (_("Record"), content["outcome"]), rules, plan_hash):
                if value:
                    row = table.row()
                    row.cell(label, style=label_style)
                    row.cell(value)

    def _metrics(self) -> None:
        self.ln(2 * self.scale)
        self.write_line(_("Plan and results"), 12, ACCENT, is_bold=True)
        self.ln(self.scale)
        self.set_font_size(9.5 * self.scale)
        self.set_draw_color(*LINE)
        self.set_text_color(*INK)
        head = FontFace(color=QUIET, emphasis=None)
        with self.table(
            col_widths=(40, 22, 20, 18),
            line_height=5 * self.scale,
            borders_layout="HORIZONTAL_LINES",
            headings_style=head,
            text_align="LEFT",
            padding=(0.8 * self.scale, 1),
        ) as table:
            table.row([_("Metric"), _("Threshold"), _("Measured"), _("Result")])
            for line in certified_lines(self.certificate):
                row = table.row()
                row.cell(line.metric)
                row.cell(requirement_text(line))
                row.cell(measured_text(line))
                row.cell(named(line.verdict.value), style=FontFace(color=VERDICT_COLOURS[line.verdict]))

    def _foot(self, address: str, document_address: str) -> None:
        self.ln(4 * self.scale)
        self.write_line(_("How to check it"), 12, ACCENT, is_bold=True)
        self.write_line(_("Open %(address)s or scan the QR code.", address=address), 9)
        note = _("Offline, with the signed document %(address)s and the hall's keys:", address=document_address)
        self.write_line(note, 9)
        self.write_line(
            f"python -m scenario_hall verify-certificate {self.certificate.number}.json --keys scenario-hall-keys.json",
            9,
            QUIET,
        )
        self.ln(2 * self.scale)
        self.write_line(
            _("Reported by one side, confirmed by the other, approved by an administrator who belongs to neither."),
            9,
            QUIET,
        )

    def _qr_code(self, address: str, left: float, top: float, size: float) -> None:
        """Squares rather than a picture: sharp on any printer, and small."""
        code = segno.make(address, error="m", micro=False)
        rows = [list(row) for row in code.matrix]
        side = size / len(rows)
        self.set_fill_color(0, 0, 0)
        for down, row in enumerate(rows):
            for start, length in _runs(row):
                self.rect(left + start * side, top + down * side, length * side, side, style="F")

    @staticmethod
    def _wrapping(text: str) -> WrapMode:
        """Chinese breaks anywhere; words of Latin letters stay whole."""
        chinese = sum("\u3400" <= letter <= "\u9fff" for letter in text)
        return WrapMode.CHAR if chinese * 2 > len(text) else WrapMode.WORD


def _runs(row: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The dark stretches of a row of squares: where each begins, how long it is."""
    start = None
    for place, is_dark in enumerate((*row, 0)):
        if is_dark and start is None:
            start = place
        elif not is_dark and start is not None:
            yield start, place - start
            start = None
