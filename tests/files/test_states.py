"""Plain tables as files: whatever a cell holds, a spreadsheet opens it."""

from io import BytesIO

from openpyxl import load_workbook

from geodata.files.states import workbook


def test_a_workbook_stays_whole_whatever_a_cell_holds() -> None:
    said = "x\uffffy\ufffez\0\ud800\ufdd0\U0001ffff字\n😀"
    book = load_workbook(BytesIO(workbook([["内容"], [said]])))
    sheet = book[book.sheetnames[0]]
    assert [[cell.value for cell in row] for row in sheet.rows][1] == ["xyz字\n😀"]
