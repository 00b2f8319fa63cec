"""Printing a report as PDF, as the printer of a parliament does: running head, page number, columns."""

import re
from pathlib import Path

import matplotlib
from fpdf import FPDF

FONT = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf"


class _Pages(FPDF):
    head = ""

    def header(self):
        if self.head:
            self.set_font("report", size=8)
            self.cell(0, 6, self.head)
            self.ln(10)

    def footer(self):
        self.set_y(-15)
        self.set_font("report", size=8)
        self.cell(0, 6, str(self.page_no()), align="C")


def report_pdf(text, *, head="", columns=1, gap=4, encrypted=False):
    """Return a PDF of blocks separated by empty lines; `gap` is what is between two of them, in millimetres."""
    pages = _Pages()
    pages.head = head
    pages.add_font("report", "", FONT)
    pages.set_auto_page_break(True, 20)
    if encrypted:
        pages.set_encryption(owner_password="o", user_password="u")
    pages.add_page()
    pages.set_font("report", size=9)
    blocks = [block.split("\n") for block in re.split(r"\n\s*\n", text.strip())]
    if columns == 1:
        for block in blocks:
            for line in block:
                pages.multi_cell(0, 5, line.strip(), new_x="LMARGIN", new_y="NEXT", align="L")
            pages.ln(gap)
    else:
        with pages.text_columns(ncols=columns, gutter=8, text_align="L") as text_columns:
            for block in blocks:
                for line in block:
                    with text_columns.paragraph() as paragraph:
                        paragraph.write(line.strip())
                text_columns.ln(gap / 2)
    return bytes(pages.output())


def picture_pdf(pages=3):
    """Return a PDF of pages with a line drawn on them, and a page number."""
    document = _Pages()
    document.add_font("report", "", FONT)
    for _ in range(pages):
        document.add_page()
        document.line(10, 10, 100, 100)
    return bytes(document.output())
