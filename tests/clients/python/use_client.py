"""A warehouse's year in calls of the generated client. Run with BASE (…/api/v1) and KEY."""

import os

from facilities_audit_client import AuthenticatedClient
from facilities_audit_client.api.associations import get_associations
from facilities_audit_client.api.kpis import get_benchmark, put_counts
from facilities_audit_client.api.responses import change_answers, get_response
from facilities_audit_client.api.workforce import download_staffing_gaps, list_staffing_gaps, preview_scenario
from facilities_audit_client.models import (
    AnswerChange,
    AnswerPatch,
    AnswerStatus,
    Count,
    CountsPut,
    NewPost,
    ScenarioPlan,
    StaffRole,
)
from facilities_audit_client.types import UNSET

client = AuthenticatedClient(base_url=os.environ["BASE"], token=os.environ["KEY"], raise_on_unexpected_status=True)


def gaps_over_several_pages():
    rows, pages, after = [], 0, UNSET
    while True:
        page = list_staffing_gaps.sync(client=client, year=2021, limit=50, after=after)
        rows += page.items
        pages += 1
        if not page.next_:
            return rows, pages
        after = page.next_


rows, pages = gaps_over_several_pages()
assert pages > 2 and len({(row.service, row.basis) for row in rows}) == len(rows), (pages, len(rows))
nurses = [row.nurses for row in rows if row.nurses]
assert nurses and all(isinstance(nurse.gap_low, float) for nurse in nurses if nurse.gap_low)

# A change that is based on an older version comes back with what is there now, and is made on that.
answered = change_answers.sync(
    client=client,
    year=2022,
    service="FLS012",
    body=AnswerPatch(answers=[AnswerChange(link_id="patient_survey", status=AnswerStatus.ANSWERED, version=7, boolean=True)]),
)
assert answered.status == 412, answered
current = answered.conflicts[0].current
version = current.version if current else 0
answered = change_answers.sync(
    client=client,
    year=2022,
    service="FLS012",
    body=AnswerPatch(answers=[AnswerChange(link_id="patient_survey", status=AnswerStatus.ANSWERED, version=version, boolean=True)]),
)
assert [answer.boolean for answer in answered.answers if answer.link_id == "patient_survey"] == [True]
assert get_response.sync(client=client, year=2022, service="FLS012").service == "FLS012"

good = Count(service="FLS012", month="2022-01", kpi=4, numerator=41, denominator=60, stratum="")
bad = Count(service="FLS012", month="2022-02", kpi=12, numerator=1, denominator=2, stratum="")
refused = put_counts.sync_detailed(client=client, body=CountsPut(items=[good, bad]))
assert refused.status_code == 422 and refused.parsed.counts.rejected == 1, refused
stored = put_counts.sync(client=client, body=CountsPut(items=[good, bad]), skip_bad_rows=True)
assert (stored.stored, stored.rejected) == (True, 1) and stored.problems[0].column == "kpi", stored

benchmark = get_benchmark.sync(client=client, kpi=4, year=2021)
assert benchmark.national.denominator > 0 and benchmark.items
associations = get_associations.sync(client=client, year=2021)
assert associations.to_dict()["plan"]

plan = ScenarioPlan(year=2021, years=3, service="FLS012", posts=[NewPost(role=StaffRole.NURSE, band="7", wte=1.0, start_year=1, start_month=4)])
outcome = preview_scenario.sync(client=client, body=plan)
assert outcome.to_dict()

workbook = download_staffing_gaps.sync_detailed(client=client, year=2021)
assert workbook.content[:2] == b"PK"
print(f"python: {len(rows)} rows over {pages} pages, a conflict, a bad row, a workbook of {len(workbook.content)} bytes")
