"""Whatever a program sends that our own description allows, or does not: no 5xx, nothing untold.

`WANGGE_TEST_EXAMPLES` sets how many requests are made for each operation.
"""

import os
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import openapi
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

EXAMPLES = int(os.environ.get("WANGGE_TEST_EXAMPLES") or 4)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
PLAIN = {"Accept-Encoding": "identity"}
HEAVY = ("/exports/",)
"""Files of whole layers, which other tests make in every format."""


@pytest.mark.filterwarnings("ignore")
def test_every_operation_keeps_its_word(client: FlaskClient, app: APIFlask) -> None:
    assert client.get("/openapi.json").status_code == 200
    broken: list[str] = []
    for found in openapi.from_wsgi("/openapi.json", app).get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if operation.path.startswith(HEAVY):
            continue

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def keeps_its_word(case: Any) -> None:
            case.validate_response(case.call(headers=PLAIN), checks=CHECKS)

        try:
            keeps_its_word()
        except AssertionError as failure:
            broken.append(f"{operation.label}: {failure}")
        except FailureGroup as failures:
            broken += [f"{operation.label}: {failure}" for failure in failures.exceptions]
    assert broken == [], "\n\n".join(broken)
