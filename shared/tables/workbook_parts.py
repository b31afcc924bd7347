"""The fixed parts of a workbook file besides its sheets' rows, after ECMA-376 (Office Open XML), part 1: §12.3 the
package's parts, §18.2 the workbook, §18.3 the worksheet, §18.8 the styles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_A4 = 9  # in the list of paper sizes, §18.3.1.63

PLAIN, BOLD, TYPED_TEXT, BOLD_TYPED_TEXT, DAY = range(5)
"""Styles of cells. Typed text is marked as text, as with an apostrophe before it, so that it stays text when edited."""

_FONT = '<sz val="11"/><name val="Calibri"/><family val="2"/>'
_NO_FILLS = "".join(f'<fill><patternFill patternType="{each}"/></fill>' for each in ("none", "gray125"))
_IN_A_HEAD = 'fontId="1" applyFont="1" applyAlignment="1"', '<alignment vertical="top" wrapText="1"/>'
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font>{_FONT}</font><font><b/>{_FONT}</font></fonts>'
    f'<fills count="2">{_NO_FILLS}</fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5">'
    + "".join(
        f'<xf numFmtId="0" {font} fillId="0" borderId="0" xfId="0" quotePrefix="{quoted}">{alignment}</xf>'
        for quoted in (0, 1)
        for font, alignment in (('fontId="0"', ""), _IN_A_HEAD)
    )
    + '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)

ROWS_END = "</sheetData>"
_PAGE = (
    '<pageMargins left="0.75" right="0.75" top="1" bottom="1" header="0.5" footer="0.5"/>'
    f'<pageSetup paperSize="{_A4}" fitToHeight="0" orientation="landscape"/></worksheet>'
)


def sheet_start(widths: Sequence[int], frozen: tuple[int, int] | None) -> str:
    """What comes before a sheet's rows. widths: of the first columns, in characters; frozen: how many rows and columns
    stay when the rest scrolls."""
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(widths, start=1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0">{_pane(frozen)}</sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/>{f"<cols>{columns}</cols>" if columns else ""}<sheetData>'
    )


def sheet_end(lists: Mapping[str, str]) -> str:
    """What comes after a sheet's rows. lists: cells → the cells that hold the values to choose from (§18.3.1.32); other
    values may be typed, after a warning."""
    choices = "".join(
        '<dataValidation type="list" errorStyle="warning" allowBlank="1" showErrorMessage="1"'
        f" sqref={quoteattr(cells)}>"
        f"<formula1>{escape(values)}</formula1></dataValidation>"
        for cells, values in lists.items()
    )
    validations = f'<dataValidations count="{len(lists)}">{choices}</dataValidations>' if lists else ""
    return f"{validations}{_PAGE}"


def filtered_rows(heads: int, columns: int, last: int) -> str:
    """The part that lets people sort and filter, §18.3.1.2. heads, last: numbers of rows, from 1; columns: how many, at
    most 26."""
    return f'<autoFilter ref="A{heads}:{chr(ord("A") + columns - 1)}{max(heads, last)}"/>'


def fixed_parts(titles: Sequence[str], creator: str) -> Mapping[str, str]:
    """The text of each part by its name in the archive; titles: of the sheets, in order."""
    numbers = range(1, len(titles) + 1)
    sheets = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{number}" r:id="rId{number}"/>'
        for number, title in zip(numbers, titles, strict=True)
    )
    sheet_relations = [
        (f"rId{number}", f"{_RELATIONS}/worksheet", f"worksheets/sheet{number}.xml") for number in numbers
    ]
    return {
        "[Content_Types].xml": _content_types(len(titles)),
        "_rels/.rels": _relationships(
            [
                ("rId1", f"{_RELATIONS}/officeDocument", "xl/workbook.xml"),
                ("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ]
        ),
        "docProps/core.xml": (
            f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
            f' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>{escape(creator)}</dc:creator>'
            "</cp:coreProperties>"
        ),
        "xl/workbook.xml": (
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><bookViews><workbookView/></bookViews>'
            f"<sheets>{sheets}</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": _relationships(
            [*sheet_relations, (f"rId{len(titles) + 1}", f"{_RELATIONS}/styles", "styles.xml")]
        ),
        "xl/styles.xml": _STYLES,
    }


def _pane(frozen: tuple[int, int] | None) -> str:
    if frozen is None:
        return ""
    rows, columns = frozen
    corner = f"{chr(ord('A') + columns)}{rows + 1}"
    return (
        f'<pane xSplit="{columns}" ySplit="{rows}" topLeftCell="{corner}" activePane="bottomRight" state="frozen"/>'
        '<selection pane="topRight"/><selection pane="bottomLeft"/><selection pane="bottomRight"/>'
    )


def _content_types(sheets: int) -> str:
    overrides = {
        "/xl/workbook.xml": f"{_TYPE}.sheet.main+xml",
        "/xl/styles.xml": f"{_TYPE}.styles+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        **{f"/xl/worksheets/sheet{number}.xml": f"{_TYPE}.worksheet+xml" for number in range(1, sheets + 1)},
    }
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides.items())
        + "</Types>"
    )


def _relationships(relations: Sequence[tuple[str, str, str]]) -> str:
    listed = "".join(f'<Relationship Id="{id}" Type="{kind}" Target="{target}"/>' for id, kind, target in relations)
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'
