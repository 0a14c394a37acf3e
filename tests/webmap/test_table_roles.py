"""A table that becomes cards on a phone says its roles, whatever stands in it."""

from markupsafe import Markup

from webmap.table_roles import as_table

TABLE = Markup(
    '<table class="cover-cards"><thead><tr><th scope="col">a</th></tr></thead>'
    '<tbody><tr id="x"><th scope="row">&lt;td&gt;</th><td colspan="2">1</td>'
    '<td role="gridcell"></td></tr></tbody></table>'
)


def test_each_element_of_a_table_says_its_role_once() -> None:
    assert as_table(TABLE) == (
        '<table role="table" class="cover-cards"><thead role="rowgroup"><tr role="row">'
        '<th role="columnheader" scope="col">a</th></tr></thead>'
        '<tbody role="rowgroup"><tr role="row" id="x"><th role="rowheader" scope="row">&lt;td&gt;'
        '</th><td role="cell" colspan="2">1</td><td role="gridcell"></td></tr></tbody></table>'
    )
